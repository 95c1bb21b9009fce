using System.Diagnostics;
using System.Globalization;
using CodeParrot.Model;
using TorchSharp;

namespace CodeParrot.Benchmarks.Model;

/// <summary>
/// A whole training step on one thread (forward, backward, clipping, AdamW), against <see cref="PlainGpt2"/>. Steps of
/// all variants alternate in one process and CPU time is compared by medians, so that other load on the machine hits
/// all alike; peak memory comes from a process of its own for each variant.
/// </summary>
public static class StepBenchmark
{
    private const string Plain = "plain";
    private const string Fp32 = "engine-fp32";
    private const string Bf16 = "engine-bf16";
    private const string NativeBf16 = "bf16 products anyway";
    private const string PyTorch = "PyTorch";

    // A run with precision Bf16 computes in fp32 where that is faster; what it leaves aside is measured too.
    private static readonly string[] _variants =
    [
        Plain,
        Fp32,
        Bf16,
        "engine-bf16-recompute",
        .. Bf16Products.AreFast ? Array.Empty<string>() : [NativeBf16],
    ];

    /// <summary>
    /// <c>[rounds] [size]</c> runs everything and prints a table for each size; <c>--memory SIZE VARIANT</c> prints one
    /// variant's peak in MB.
    /// </summary>
    /// <returns>0, or 1 if a size misses its targets.</returns>
    public static int Run(string[] args)
    {
        torch.set_num_threads(1);
        if (args is ["--memory", var size, var variant])
        {
            Console.WriteLine(PeakMegabytes(StepShape.Named(size), variant));
            return 0;
        }

        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var shapes = args.Length > 1 ? [StepShape.Named(args[1])] : StepShape.All;
        var peer = PyTorchPeer.FindVersion();
        Console.WriteLine($"PyTorch: {peer ?? "none; apt-get install python3-torch has it measured too"}");
        string[] variants = peer is null ? _variants : [.. _variants, PyTorch];
        var missed = shapes.Count(shape => !Report(shape, variants, rounds));
        return missed == 0 ? 0 : 1;
    }

    private static bool Report(StepShape shape, string[] variants, int rounds)
    {
        var figures = TimeSteps(shape, variants, rounds);
        var speedups = figures.Select(f => figures[0].Milliseconds / f.Milliseconds).ToArray();
        var memory = variants
            .Zip(figures, (variant, f) => f.PeakMegabytes > 0 ? f.PeakMegabytes : MemoryInOwnProcess(shape, variant))
            .ToArray();
        Console.WriteLine(
            $"{shape.Name}, {shape.Batch} x {shape.Time} tokens, 1 thread, CPU time, median of {rounds} interleaved "
                + $"steps, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"
        );
        Console.WriteLine(
            $"{"variant", -24}{"ms/step", 9}{"tok/cpu-s", 11}{"ratio", 7}{"first loss", 11}"
                + $"{"peak MB", 9}{"of plain", 10}"
        );
        for (var i = 0; i < variants.Length; i++)
        {
            var rate = shape.Batch * shape.Time / figures[i].Milliseconds * 1000;
            Console.WriteLine(
                $"{variants[i], -24}{figures[i].Milliseconds, 9:f0}{rate, 11:f0}{speedups[i], 7:f2}"
                    + $"{figures[i].Loss, 11:f4}{memory[i], 9}{(double)memory[i] / memory[0], 10:p0}"
            );
        }

        return speedups[1] >= shape.Fp32Target
            && speedups[2] >= shape.Bf16Target
            && memory[1..4].All(peak => peak <= StepShape.MemoryTarget * memory[0]);
    }

    // The first loss, the median of the times, the most memory.
    private static StepFigures[] TimeSteps(StepShape shape, string[] variants, int rounds)
    {
        using var ids_BT = Batch(shape);
        var steps = variants.Select(variant => NewStep(shape, variant, ids_BT)).ToArray();
        var taken = variants.Select(_ => new List<StepFigures>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < steps.Length; i++)
            {
                taken[i].Add(steps[i].Run());
            }
        }

        foreach (var step in steps)
        {
            step.Dispose();
        }

        return
        [
            .. taken.Select(all => new StepFigures(
                // Before the first update all variants must agree, or they do not compute the same thing.
                all[0].Loss,
                // The first round touches memory for the first time and is not counted.
                all.Skip(1).Select(f => f.Milliseconds).Order().ElementAt(rounds / 2),
                all.Max(f => f.PeakMegabytes)
            )),
        ];
    }

    private static BenchmarkedStep NewStep(StepShape shape, string variant, torch.Tensor ids_BT)
    {
        var model = new Gpt2(shape.Config);
        model.Initialise(seed: 1);
        if (variant == Plain)
        {
            var plain = new PlainGpt2(model);
            model.Dispose();
            return BenchmarkedStep.Here(() => plain.Step(ids_BT), plain.Dispose);
        }

        if (variant == PyTorch)
        {
            var peer = new PyTorchPeer(model, ids_BT);
            model.Dispose();
            return new BenchmarkedStep(peer.Step, peer.Dispose);
        }

        var optimiser = new AdamW(model, new AdamWOptions());
        var isBf16 =
            variant == NativeBf16 || (Bf16Products.AreFast && variant.StartsWith(Bf16, StringComparison.Ordinal));
        var precision = isBf16 ? Precision.Bf16 : Precision.Fp32;
        var micro = new MicroBatch(1, precision, 0, Recompute: variant.Contains("recompute"));
        return BenchmarkedStep.Here(
            () =>
            {
                optimiser.ZeroGradients();
                var loss = model.ForwardBackward(ids_BT, micro);
                optimiser.Step(1e-4, AdamW.ClipFactor(optimiser.GradientNorm(), 1.0));
                return loss;
            },
            () =>
            {
                optimiser.Dispose();
                model.Dispose();
            }
        );
    }

    private static torch.Tensor Batch(StepShape shape)
    {
        using var generator = new torch.Generator(7, torch.CPU);
        return torch.randint(
            0,
            shape.Config.VocabularySize,
            [shape.Batch, shape.Time],
            torch.ScalarType.Int64,
            generator: generator
        );
    }

    private static long PeakMegabytes(StepShape shape, string variant)
    {
        using var ids_BT = Batch(shape);
        using var step = NewStep(shape, variant, ids_BT);
        for (var i = 0; i < 2; i++)
        {
            step.Run();
        }

        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 >> 20;
    }

    private static long MemoryInOwnProcess(StepShape shape, string variant)
    {
        var start = OwnProcess.StartInfo("step", "--memory", shape.Name, variant);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? long.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(
                $"the process that measures {variant}'s memory ended {process.ExitCode}"
            );
    }
}
