using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CodeParrot.Storage;

namespace CodeParrot.Benchmarks.Checkpoints;

/// <summary>
/// What a checkpoint costs, and what writing it by several ranks could win: a checkpoint written by one process, as it
/// is, against two processes that write half of it each at the same time, every byte hashed; and the pause of training
/// on two ranks, with the optimiser whole on each and sharded between them. All alternate.
/// </summary>
public static class CheckpointBenchmark
{
    /// <summary>
    /// <c>[rounds] [MiB]</c> prints both. The store is the bucket <c>benchmark</c> of the server that
    /// <c>CODEPARROT_TEST_S3_ENDPOINT</c> names, else a folder; training's is always a folder.
    /// </summary>
    /// <returns>0.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [WriterProcess.Switch, var name, var size])
        {
            var written = await WriterProcess.WriteAsync(Store(), name, int.Parse(size, CultureInfo.InvariantCulture));
            Console.WriteLine(JsonSerializer.Serialize(written));
            return 0;
        }

        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var sizeMiB = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 160;
        await CompareWritersAsync(rounds, sizeMiB);
        ComparePauses(rounds);
        return 0;
    }

    private static async Task CompareWritersAsync(int rounds, int sizeMiB)
    {
        var (one, two) = (new List<WriterFigures>(), new List<WriterFigures>());
        for (var round = 0; round < rounds; round++)
        {
            one.Add(await WriteAsync($"r{round}-one", writers: 1, sizeMiB));
            two.Add(await WriteAsync($"r{round}-two", writers: 2, sizeMiB / 2));
        }

        Console.WriteLine($"{sizeMiB} MiB to {Store().Endpoint ?? "a folder"}, {rounds} alternating rounds, {Load()}");
        Print("1 process", one);
        Print("2 processes", two);
        var ratios = one.Zip(two, (a, b) => a.Seconds / b.Seconds).Order().ToArray();
        Console.WriteLine($"2 over 1: {ratios[rounds / 2]:f2} x ({string.Join(", ", ratios.Select(r => $"{r:f2}"))})");

        void Print(string name, List<WriterFigures> runs)
        {
            var seconds = Median(runs.Select(r => r.Seconds));
            Console.WriteLine(
                $"{name, -12} {seconds:f2} s ({sizeMiB / seconds:f0} MiB/s), best {runs.Min(r => r.Seconds):f2} s, "
                    + $"{Median(runs.Select(r => r.CpuSeconds)):f2} cpu-s"
            );
        }
    }

    // All begin when the last of them has its data in memory.
    private static async Task<WriterFigures> WriteAsync(string name, int writers, int sizeMiB)
    {
        var processes = Enumerable.Range(0, writers).Select(i => Start($"{name}-{i}", sizeMiB)).ToList();
        foreach (var process in processes)
        {
            await process.StandardOutput.ReadLineAsync();
        }

        var start = Stopwatch.GetTimestamp();
        processes.ForEach(process => process.StandardInput.WriteLine());
        var figures = await Task.WhenAll(processes.Select(FiguresOfAsync));
        return new WriterFigures(Stopwatch.GetElapsedTime(start).TotalSeconds, figures.Sum(f => f.CpuSeconds));
    }

    private static Process Start(string name, int sizeMiB)
    {
        var start = OwnProcess.StartInfo("checkpoint", WriterProcess.Switch, name, $"{sizeMiB}");
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private static async Task<WriterFigures> FiguresOfAsync(Process process)
    {
        using (process)
        {
            var line = await process.StandardOutput.ReadLineAsync();
            return JsonSerializer.Deserialize<WriterFigures>(
                line ?? throw new InvalidOperationException("a writer failed")
            )!;
        }
    }

    private static void ComparePauses(int rounds)
    {
        var (whole, sharded) = (new List<PausedRun>(), new List<PausedRun>());
        for (var round = 0; round < rounds; round++)
        {
            whole.Add(PausedRun.Train(isSharded: false));
            sharded.Add(PausedRun.Train(isSharded: true));
        }

        Console.WriteLine($"2 ranks as threads, {PausedRun.Parameters / 1e6:f1}M parameters, to a folder, {Load()}");
        Print("whole", whole);
        Print("sharded", sharded);

        static void Print(string name, List<PausedRun> runs) =>
            Console.WriteLine(
                $"optimiser {name, -8} pause {Median(runs.Select(r => r.LatePause.TotalMilliseconds)):f0} ms "
                    + $"(first {Median(runs.Select(r => r.FirstPause.TotalMilliseconds)):f0}), last step to durable "
                    + $"{Median(runs.Select(r => r.LastToDurable.TotalMilliseconds)):f0} ms"
            );
    }

    private static StoreOptions Store()
    {
        var endpoint = Environment.GetEnvironmentVariable("CODEPARROT_TEST_S3_ENDPOINT");
        return endpoint is null
            ? new StoreOptions { Uri = Path.Combine(Path.GetTempPath(), "codeparrot-checkpoint-benchmark") }
            : new StoreOptions
            {
                Uri = "s3://benchmark/checkpoints",
                Endpoint = endpoint,
                AccessKey = Environment.GetEnvironmentVariable("CODEPARROT_TEST_S3_ACCESS_KEY"),
                SecretKey = Environment.GetEnvironmentVariable("CODEPARROT_TEST_S3_SECRET_KEY"),
            };
    }

    private static string Load() => $"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}";

    private static double Median(IEnumerable<double> figures)
    {
        var ordered = figures.Order().ToArray();
        return ordered[ordered.Length / 2];
    }
}
