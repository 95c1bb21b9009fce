using System.Collections.Concurrent;
using System.Diagnostics;
using CodeParrot.Simulation.Tests.PlantedBugs;

namespace CodeParrot.Simulation.Tests.Runs;

/// <summary>Plays seeds for people: one with its trace, or many on all cores.</summary>
internal static class SeedSearch
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    // Left to itself, Parallel begins one more seed for every thread that a busy machine's pool adds: hundreds at once,
    // with the memory of each.
    private static readonly ParallelOptions OneEachCore = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    /// <summary>Plays one seed and writes its whole trace.</summary>
    /// <returns>0 when nothing was wrong.</returns>
    public static int Replay(int seed, string bug, TextWriter output)
    {
        var result = Simulation.Play(seed, Bugs.Variant(bug), new(1, output));
        output.WriteLine(result.Describe());
        return result.Failure is null ? 0 : 1;
    }

    /// <summary>Plays many seeds and writes progress, every failing seed, and a summary.</summary>
    /// <returns>0 when nothing was wrong.</returns>
    public static int Search(int from, int count, string bug, TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        var failed = new ConcurrentBag<SeedResult>();
        var (done, events, told) = (0, 0L, TimeSpan.Zero);
        var gate = new Lock();
        Parallel.For(
            from,
            from + count,
            OneEachCore,
            seed =>
            {
                var result = Simulation.Play(seed, Bugs.Variant(bug));
                lock (gate)
                {
                    done++;
                    events += result.Events;
                    if (result.Failure is not null)
                    {
                        failed.Add(result);
                        output.WriteLine($"seed {seed}: {result.Failure.Message.Split('\n')[0]}");
                    }

                    if (clock.Elapsed - told > ProgressInterval)
                    {
                        told = clock.Elapsed;
                        output.WriteLine($"{done} of {count} seeds, {failed.Count} failed, {Rate(done, clock)}");
                    }
                }
            }
        );
        foreach (var kind in failed.GroupBy(f => f.Failure!.Message.Split(':')[0]).OrderByDescending(g => g.Count()))
        {
            output.WriteLine($"{kind.Count(), 6} × {kind.Key}, first seed {kind.Min(f => f.Seed)}");
        }

        output.WriteLine(
            $"{count - failed.Count} of {count} seeds passed, {events / Math.Max(1, count)} events each, "
                + Rate(done, clock)
        );
        return failed.IsEmpty ? 0 : 1;
    }

    /// <summary>Writes by which seed each planted bug is found.</summary>
    /// <returns>0 when all are.</returns>
    public static int FindBugs(int seeds, TextWriter output)
    {
        var missed = 0;
        Parallel.ForEach(
            Bugs.All,
            OneEachCore,
            bug =>
            {
                var found = FirstFailure(bug.Value, Enumerable.Range(1, seeds));
                output.WriteLine(
                    $"{bug.Key}: {(found is null ? "missed" : $"seed {found.Seed}, {found.Failure!.Message}")}"
                );
                missed += found is null ? 1 : 0;
            }
        );
        return missed;
    }

    /// <summary>The first of some seeds that finds a bug; null where none does.</summary>
    public static SeedResult? FirstFailure(OperatorVariant variant, IEnumerable<int> seeds) =>
        seeds.Select(seed => Simulation.Play(seed, variant)).FirstOrDefault(r => r.Failure is not null);

    private static string Rate(int done, Stopwatch clock) =>
        $"{clock.Elapsed.TotalMilliseconds * Environment.ProcessorCount / Math.Max(1, done):F1} ms of a core a seed";
}
