using System.Diagnostics;
using System.Globalization;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Tests;

namespace CodeParrot.Benchmarks.Distributed;

/// <summary>
/// All-reduce over the managed ring between two processes, beside a plain socket pair between the same two processes.
/// Algorithm bandwidth = bytes of the buffer / seconds of the slower rank; on two ranks each sends and receives as many
/// bytes as the buffer has, so that the duplex pair is what the same traffic costs without any sum.
/// </summary>
public static class RingBenchmark
{
    private const string ChildSwitch = "--ring-child";
    private const int Repeats = 15;
    private static readonly int[] BufferBytes = [4 << 10, 256 << 10, 4 << 20, 64 << 20];

    /// <summary>Runs the parent, which starts the child from the same command line; 0 when both end well.</summary>
    public static int Run(string[] args)
    {
        var child = Array.IndexOf(args, ChildSwitch);
        if (child >= 0)
        {
            RunRank(rank: 1, int.Parse(args[child + 1], CultureInfo.InvariantCulture));
            return 0;
        }

        var port = FreePort.Draw();
        var start = OwnProcess.StartInfo("ring", ChildSwitch, port.ToString(CultureInfo.InvariantCulture));
        start.RedirectStandardOutput = false;
        using var process = Process.Start(start)!;
        RunRank(rank: 0, port);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void RunRank(int rank, int port)
    {
        using var group = Loopback.Join(rank, worldSize: 2, port);
        using var pair = new SocketPair(rank, port);
        foreach (var bytes in BufferBytes)
        {
            var data = new float[bytes / sizeof(float)];
            var times = Time(
                group,
                () => pair.OneWay(bytes),
                () => pair.Duplex(bytes),
                () => group.AllReduceSum(data.AsSpan()),
                () => ReduceInBuckets(group, data)
            );
            Report(rank, "plain one way", bytes, times[0]);
            Report(rank, "plain duplex", bytes, times[1]);
            Report(rank, "ring all-reduce", bytes, times[2]);
            Report(rank, "ring in buckets", bytes, times[3]);
        }

        Report(rank, "ring barrier", 0, Time(group, group.Barrier)[0]);
    }

    /// <summary>
    /// The same sums as <see cref="GradientReducer"/> makes them: bucket by bucket, each still in the cache.
    /// </summary>
    private static void ReduceInBuckets(TcpProcessGroup group, float[] data)
    {
        var grid = new BucketGrid(data.Length, group.WorldSize);
        for (var bucket = 0; bucket < grid.Count; bucket++)
        {
            group.AllReduceSum(data.AsSpan((int)grid.OffsetOf(bucket), grid.CountOf(bucket)));
        }
    }

    /// <summary>
    /// Seconds of the slower rank for each action, ascending, after two warm-ups. The actions take turns, so that other
    /// work on the machine weighs on all of them alike.
    /// </summary>
    private static double[][] Time(TcpProcessGroup group, params Action[] actions)
    {
        var seconds = actions.Select(_ => new double[Repeats]).ToArray();
        for (var repeat = -2; repeat < Repeats; repeat++)
        {
            for (var index = 0; index < actions.Length; index++)
            {
                var slower = TimeOnce(group, actions[index]);
                if (repeat >= 0)
                {
                    seconds[index][repeat] = slower;
                }
            }
        }

        Array.ForEach(seconds, Array.Sort);
        return seconds;
    }

    private static double TimeOnce(TcpProcessGroup group, Action action)
    {
        group.Barrier();
        var start = Stopwatch.GetTimestamp();
        action();
        double[] elapsed = [0, 0];
        elapsed[group.Rank] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        group.AllReduceSum(elapsed.AsSpan());
        return elapsed.Max();
    }

    private static void Report(int rank, string what, int bytes, double[] seconds)
    {
        var (best, median) = (seconds[0], seconds[seconds.Length / 2]);
        if (rank == 0)
        {
            Console.WriteLine(
                $"{what, -16} {bytes / 1024.0, 8:0} KiB  median {median * 1e3, 8:0.000} ms "
                    + $"{bytes / median / 1e9, 6:0.00} GB/s  best {bytes / best / 1e9, 6:0.00} GB/s"
            );
        }
    }
}
