using System.Diagnostics;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Readers;
using CodeParrot.Storage;

namespace CodeParrot.Benchmarks.Corpus;

/// <summary>Whole builds of a corpus from a tree, with and without near duplicates.</summary>
internal static class BuildFigures
{
    /// <summary>Prints a row for each build; the first, which fills the page cache, is not counted.</summary>
    public static async Task PrintAsync(string source)
    {
        await BuildAsync(source, "", null);
        await BuildAsync(source, "build, near duplicates kept", null);
        await BuildAsync(source, "build, near duplicates dropped", new NearDuplicateOptions());
        await BuildAsync(source, "the same from 0.7 on", new NearDuplicateOptions { Similarity = 0.7 });
    }

    private static async Task BuildAsync(string source, string name, NearDuplicateOptions? near)
    {
        var folder = Directory.CreateTempSubdirectory("codeparrot-near-");
        try
        {
            using var tree = CorpusSource.Open(new StoreOptions { Uri = source }, TimeProvider.System);
            using var store = ObjectStores.Open(
                new StoreOptions { Uri = Path.Combine(folder.FullName, "store") },
                TimeProvider.System
            );
            var options = new CorpusOptions
            {
                NearDuplicates = near,
                WorkFolder = folder.FullName,
                MaxBadDocuments = int.MaxValue,
            };
            var begin = Stopwatch.GetTimestamp();
            var before = Environment.CpuUsage.TotalTime;
            var corpus = await new CorpusBuilder(options, tree, store, TimeProvider.System).BuildAsync();
            var cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            if (name.Length == 0)
            {
                return;
            }

            var counts = corpus.Manifest.Counts;
            Console.WriteLine(
                (
                    $"{name, -32} {Stopwatch.GetElapsedTime(begin).TotalSeconds, 6:F1} s, {cpu, 6:F1} s cpu; "
                    + $"{counts.Kept} of {counts.Read} kept, {counts.KeptBytes / 1e6:F1} MB; {counts.NearDuplicates}"
                )
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
