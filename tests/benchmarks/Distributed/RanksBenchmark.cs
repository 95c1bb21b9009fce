using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CodeParrot.Benchmarks.Model;
using CodeParrot.Distributed.Tests;

namespace CodeParrot.Benchmarks.Distributed;

/// <summary>
/// The whole engine on two cores, divided in two ways: two processes of one thread, which exchange gradients over the
/// loopback, against one process of two threads, which exchanges nothing. Both train by the same manifest. Runs
/// alternate, so that other work on the machine weighs on both alike; where there is such work, what ranks computed
/// beside it says more than the clock: processor time is given too.
/// </summary>
public static class RanksBenchmark
{
    // Least tokens a second of two ranks, over those of one.
    private const double Target = 0.95;

    // One to warm up, and what is measured.
    private const int Steps = 6;

    /// <summary><c>[rounds] [size]</c> runs everything and prints a table for each size.</summary>
    /// <returns>0, or 1 if a size misses its target.</returns>
    public static int Run(string[] args)
    {
        if (args is [RankOfRun.Switch, ..])
        {
            Console.WriteLine(JsonSerializer.Serialize(RankOfRun.Train(args[1..])));
            return 0;
        }

        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var shapes = args.Length > 1 ? [StepShape.Named(args[1])] : StepShape.All;
        var missed = shapes.Count(shape => !Report(shape, rounds));
        return missed == 0 ? 0 : 1;
    }

    private static bool Report(StepShape shape, int rounds)
    {
        using var corpus = new RandomCorpus(shape);
        var (alone, together) = (new List<RankFigures>(), new List<RankFigures>());
        for (var round = 0; round < rounds; round++)
        {
            alone.Add(Measure(shape, corpus.Folder, worldSize: 1));
            together.Add(Measure(shape, corpus.Folder, worldSize: 2));
        }

        var ratios = alone.Zip(together, (one, two) => one.Seconds / two.Seconds).Order().ToArray();
        Console.WriteLine(
            $"{shape.Name}, 2 micro-batches of {shape.Batch} x {shape.Time} tokens a step, fp32, {Steps - 1} steps, "
                + $"median of {rounds} alternating runs, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"
        );
        Console.WriteLine($"{"", -24}{"tok/s", 9}{"tok/cpu-s", 11}{"s/step", 8}{"waiting", 9}{"whole s", 9}");
        Print("1 rank of 2 threads", shape, alone);
        Print("2 ranks of 1 thread", shape, together);
        var ratio = ratios[rounds / 2];
        Console.WriteLine($"2 ranks over 1: {ratio:f2} x ({string.Join(", ", ratios.Select(r => $"{r:f2}"))})");
        return ratio >= Target;
    }

    private static void Print(string name, StepShape shape, List<RankFigures> runs)
    {
        var tokens = 2.0 * shape.Batch * shape.Time * (Steps - 1);
        Console.WriteLine(
            $"{name, -24}{tokens / Median(r => r.Seconds), 9:f0}{tokens / Median(r => r.CpuSeconds), 11:f0}"
                + $"{Median(r => r.Seconds) / (Steps - 1), 8:f2}{Median(r => r.WaitingSeconds / r.Seconds), 9:p0}"
                + $"{Median(r => r.WholeSeconds), 9:f1}"
        );

        double Median(Func<RankFigures, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
    }

    // Two threads in all, however many processes.
    private static RankFigures Measure(StepShape shape, string folder, int worldSize)
    {
        var port = FreePort.Draw();
        var start = Stopwatch.GetTimestamp();
        var processes = Enumerable.Range(0, worldSize).Select(rank => Start(shape, folder, rank, worldSize, port));
        var ranks = processes.ToList().ConvertAll(FiguresOf);
        return ranks[0] with
        {
            CpuSeconds = ranks.Sum(rank => rank.CpuSeconds),
            WaitingSeconds = ranks.Average(rank => rank.WaitingSeconds),
            WholeSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
    }

    private static Process Start(StepShape shape, string folder, int rank, int worldSize, int port)
    {
        var start = OwnProcess.StartInfo(
            "ranks",
            RankOfRun.Switch,
            shape.Name,
            folder,
            $"{rank}",
            $"{worldSize}",
            $"{port}",
            $"{Steps}"
        );
        // As `trainer launch` sets it for its ranks.
        start.Environment["OMP_NUM_THREADS"] = $"{2 / worldSize}";
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        start.Environment["GOMP_SPINCOUNT"] = "0";
        return Process.Start(start)!;
    }

    private static RankFigures FiguresOf(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<RankFigures>(output)!
                : throw new InvalidOperationException($"a rank ended {process.ExitCode}");
        }
    }
}
