using System.Globalization;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Secrets;
using CodeParrot.Storage;

namespace CodeParrot.Benchmarks.Corpus;

/// <summary>
/// A corpus by one worker of one thread against two, in turn. Workers run one behind the other in one process, so that
/// the processor time of each is known on a machine that others use too: what two take together is the longer share and
/// the merge that follows.
/// </summary>
public static class WorkersBenchmark
{
    /// <summary><c>[--sources DIR] [--rounds N]</c>.</summary>
    /// <returns>0; 1 where the corpora differ.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var source = NearDuplicatesBenchmark.Values(args, "--sources").FirstOrDefault("/usr/lib");
        var rounds = NearDuplicatesBenchmark.Values(args, "--rounds").Select(int.Parse).FirstOrDefault(3);
        Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}; processor seconds");
        var (alone, pair) = (new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            var one = await BuildAsync(source, workers: 1);
            var two = await BuildAsync(source, workers: 2);
            if (!one.Corpus.Manifest.Train.SequenceEqual(two.Corpus.Manifest.Train))
            {
                Console.WriteLine("the corpora differ");
                return 1;
            }

            // The first round fills the page cache and compiles.
            if (round == 0)
            {
                var counts = one.Corpus.Manifest.Counts;
                Console.WriteLine($"{counts.Kept} of {counts.Read} documents kept, {counts.KeptBytes / 1e6:F1} MB");
                continue;
            }

            var longest = Math.Max(two.Helped, two.Own) + two.Merge;
            Console.WriteLine(
                $"one {one.Own + one.Merge, 6:F1}; two: shares {two.Own:F1} and {two.Helped:F1}, merge {two.Merge:F1}, "
                    + $"longest way {longest:F1}, together {two.Own + two.Helped + two.Merge:F1}"
            );
            alone.Add(one.Own + one.Merge);
            pair.Add(longest);
        }

        var (first, second) = (Median(alone), Median(pair));
        Console.WriteLine($"medians: one {first:F1}, two {second:F1}, {first / second:F2} x");
        return 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<WorkersFigures> BuildAsync(string source, int workers)
    {
        var folder = Directory.CreateTempSubdirectory("codeparrot-workers-");
        try
        {
            using var tree = CorpusSource.Open(new StoreOptions { Uri = source }, TimeProvider.System);
            using var store = ObjectStores.Open(
                new StoreOptions { Uri = Path.Combine(folder.FullName, "store") },
                TimeProvider.System
            );
            var options = new CorpusOptions
            {
                NearDuplicates = new NearDuplicateOptions(),
                Secrets = SecretHandling.Redact,
                WorkFolder = folder.FullName,
                MaxBadDocuments = int.MaxValue,
                Threads = 1,
                WorkerCount = workers,
                // Some ten pieces, as a source that is worth two workers has at least.
                PieceBytes = 8 * 1024 * 1024,
            };
            var begin = Now();
            if (workers > 1)
            {
                var helper = options with { WorkerIndex = 1 };
                await new CorpusBuilder(helper, tree, store, TimeProvider.System).HelpAsync();
            }

            var helped = Now();
            var phases = new PhaseClock();
            var corpus = await new CorpusBuilder(options, tree, store, TimeProvider.System, phases).BuildAsync();
            var end = Now();
            var merged = phases.Merging ?? end;
            return new WorkersFigures(corpus, helped - begin, merged - helped, end - merged);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Now() => Environment.CpuUsage.TotalTime.TotalSeconds;
}
