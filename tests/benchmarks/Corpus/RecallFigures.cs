using System.Diagnostics;
using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Benchmarks.Corpus;

/// <summary>Which pairs the bands find, of those that comparing all documents with all others finds.</summary>
internal static class RecallFigures
{
    private static readonly double[] _missWeights = [0.5, 0.7, 0.9];

    /// <summary>Prints a row for each way to weigh a missed pair against a false candidate.</summary>
    public static void Print(List<string> texts, double similarity)
    {
        var table = new TokenTable();
        var sets = texts.Select(text => table.Read(text, NearSketcher.LeastTokens)).OfType<uint[]>().ToArray();
        var begin = Stopwatch.GetTimestamp();
        var near = AllPairs(sets, similarity);
        Console.WriteLine(
            (
                $"{sets.Length} documents, all {(long)sets.Length * (sets.Length - 1) / 2} pairs compared in "
                + $"{Stopwatch.GetElapsedTime(begin).TotalSeconds:F1} s: {near.Count} of similarity {similarity} "
                + $"and more, in {Groups(near, sets.Length)} documents to drop, "
                + $"{Indirect(near, sets.Length)} of them not near the first of their group themselves"
            )
        );
        foreach (var weight in _missWeights)
        {
            Print(sets, near, similarity, weight);
        }
    }

    private static void Print(uint[][] sets, HashSet<(int, int)> near, double similarity, double weight)
    {
        var banding = Banding.Choose(similarity, 256, weight);
        var hasher = new MinHasher(banding.Minima, 1);
        var signatures = sets.Select(set => hasher.Compute(set)).ToArray();
        var candidates = new HashSet<(int, int)>();
        for (var band = 0; band < banding.Bands; band++)
        {
            var buckets = signatures
                .Select((signature, i) => (Key: KeyOf(signature, band, banding.Rows), Document: i))
                .GroupBy(pair => pair.Key, pair => pair.Document);
            foreach (var bucket in buckets.Select(bucket => bucket.ToArray()))
            {
                for (var j = 0; j < bucket.Length; j++)
                {
                    for (var i = 0; i < j; i++)
                    {
                        candidates.Add((bucket[i], bucket[j]));
                    }
                }
            }
        }

        var found = candidates.Where(near.Contains).ToHashSet();
        var (all, ours) = (Groups(near, sets.Length), Groups(found, sets.Length));
        Console.WriteLine(
            (
                $"  weight {weight}: {banding.Bands} x {banding.Rows}, {candidates.Count} candidates, {found.Count} of "
                + $"them near (precision before they are verified {Percent(found.Count, candidates.Count)}, after "
                + $"it 100 %), recall {Percent(found.Count, near.Count)} of the pairs, {ours} of {all} documents "
                + $"dropped ({Percent(ours, all)})"
            )
        );
    }

    private static HashSet<(int, int)> AllPairs(uint[][] sets, double similarity)
    {
        var pairs = new HashSet<(int, int)>();
        Parallel.For(
            0,
            sets.Length,
            j =>
            {
                for (var i = 0; i < j; i++)
                {
                    if (!TokenSets.AreSimilar(sets[i], sets[j], similarity))
                    {
                        continue;
                    }

                    lock (pairs)
                    {
                        pairs.Add((i, j));
                    }
                }
            }
        );
        return pairs;
    }

    // How many documents go when one of each component stays.
    private static int Groups(HashSet<(int One, int Other)> pairs, int count)
    {
        var groups = new DisjointSets(count);
        foreach (var (one, other) in pairs)
        {
            groups.Unite(one, other);
        }

        return Enumerable.Range(0, count).Count(i => groups.Find(i) != i);
    }

    private static int Indirect(HashSet<(int One, int Other)> pairs, int count)
    {
        var groups = new DisjointSets(count);
        foreach (var (one, other) in pairs)
        {
            groups.Unite(one, other);
        }

        return Enumerable.Range(0, count).Count(i => groups.Find(i) != i && !pairs.Contains((groups.Find(i), i)));
    }

    private static ulong KeyOf(uint[] signature, int band, int rows)
    {
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(signature.AsSpan(band * rows, rows)));
        return (uint)hash.ToHashCode();
    }

    private static string Percent(long part, long whole) => ($"{100.0 * part / Math.Max(1, whole):F1} %");
}
