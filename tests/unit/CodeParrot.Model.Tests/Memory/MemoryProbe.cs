using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model.Tests.Memory;

/// <summary>
/// One forward and backward pass in a process of its own, and the memory that it took: in the tests' own process the
/// peak would be that of whatever ran before.
/// </summary>
internal static class MemoryProbe
{
    private const int Heads = 4;
    private const int Layers = 12;
    private const int Batch = 8;
    private const int Time = 512;

    /// <summary>Starts a process and waits for what it found.</summary>
    /// <param name="width">Width of a model of 12 layers; 8 x 512 tokens go through it.</param>
    /// <param name="recompute">Whether it recomputes its activations.</param>
    /// <returns>Peak over what the process had before the model was there, and a digest of all gradients.</returns>
    public static async Task<(long PeakBytes, string Gradients)> MeasureAsync(int width, bool recompute)
    {
        using var process = Process.Start(ProbeProcess.Start(ProbeProcess.Memory, $"{width}", $"{recompute}"))!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"ended {process.ExitCode}: {output}");
        var words = output.Split(' ', StringSplitOptions.TrimEntries);
        return (long.Parse(words[0], CultureInfo.InvariantCulture), words[1]);
    }

    /// <summary>The process's side.</summary>
    public static int Run(string[] args)
    {
        var recompute = bool.Parse(args[1]);
        Pass(TinyModel.Config, batch: 1, time: 8, recompute);
        var before = StatusBytes("VmRSS");
        var config = TinyModel.Config with
        {
            ContextLength = Time,
            Width = int.Parse(args[0], CultureInfo.InvariantCulture),
            Heads = Heads,
            Layers = Layers,
            VocabularySize = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 61,
        };

        var gradients = Pass(config, Batch, Time, recompute);

        Console.WriteLine($"{StatusBytes("VmHWM") - before} {gradients}");
        return 0;
    }

    private static string Pass(Gpt2Config config, int batch, int time, bool recompute)
    {
        torch.set_num_threads(1);
        using var model = TinyModel.New(config: config);
        using var ids_BT = TinyModel.Batch(batch, time);
        model.ForwardBackward(ids_BT, TinyModel.Micro(recompute: recompute));
        var bytes = LibTorch.Span<float>(model.Gradients, 0, (int)model.Gradients.numel());
        return Convert.ToHexStringLower(SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(bytes)));
    }

    private static long StatusBytes(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return 1024
            * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
