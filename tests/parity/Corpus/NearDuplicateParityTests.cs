using System.Text.RegularExpressions;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Parity.Tests.Tokenizer;

namespace CodeParrot.Parity.Tests.Corpus;

/// <summary>The search for near duplicates against the definition, on real Python and edited copies of it.</summary>
public sealed class NearDuplicateParityTests(ITestOutputHelper output) : IDisposable
{
    private const int MostOriginals = 250;
    private const int LeastOriginals = 100;
    private const double Similarity = 0.85;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("near-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Groups_are_those_of_all_pairs_that_share_a_band_and_are_similar()
    {
        var texts = Texts();
        var sketcher = new NearSketcher(new NearDuplicateOptions { Similarity = Similarity });
        var sketches = texts.Select(text => sketcher.Sketch(text)).ToList();
        var sets = texts.Select(TokensOf).ToList();
        var (near, found, expected) = (0, 0, 0.0);
        var groups = new DisjointSets(texts.Count);
        for (var j = 0; j < texts.Count; j++)
        {
            for (var i = 0; i < j; i++)
            {
                if (JaccardOf(sets[i], sets[j]) is var similarity && similarity < Similarity)
                    continue;
                near++;
                expected += sketcher.Banding.ProbabilityAt(similarity);
                if (!ShareBand(sketches[i]!, sketches[j]!))
                    continue;
                found++;
                groups.Unite(i, j);
            }
        }

        var finder = Find(sketches, sketcher.Banding);

        output.WriteLine($"{texts.Count} documents, {near} near pairs, {found} found, {expected:F1} expected");
        var all = Enumerable.Range(0, texts.Count).ToList();
        Assert.Equal(all.Where(i => groups.Find(i) == i), all.Where(finder.IsFirst));
        Assert.InRange(near, texts.Count / 4, int.MaxValue);
        // Pairs of one group are not independent, hence a wider band than their number alone would give.
        Assert.InRange(found, expected - (0.04 * near), expected + (0.04 * near));
        Assert.InRange(found, 0.9 * near, near);
    }

    private NearDuplicateFinder Find(List<NearSketch?> sketches, Banding banding)
    {
        var files = new SketchFiles(_folder.FullName, banding.Bands);
        using (var writer = new SketchWriter(files))
        {
            sketches.ForEach(writer.Add);
            writer.Complete();
        }
        using var reader = new SketchReader(files, sketches.Count);
        var finder = new NearDuplicateFinder(reader, Similarity);
        for (var band = 0; band < banding.Bands; band++)
            finder.AddBand(band, CancellationToken.None);
        return finder;
    }

    // Each real file, and a copy of it in which every so many lines are gone.
    private static List<string> Texts()
    {
        var originals = PythonFiles
            .Take(40_000_000)
            .Select(File.ReadAllText)
            .Where(text => TokensOf(text).Count is >= 50 and <= 1500)
            .Distinct(StringComparer.Ordinal)
            .Take(MostOriginals)
            .ToList();
        Assert.InRange(originals.Count, LeastOriginals, MostOriginals);
        return
        [
            .. originals,
            .. originals.Select(
                (text, i) => string.Join('\n', text.Split('\n').Where((_, line) => line % (3 + i % 12) > 0))
            ),
        ];
    }

    private static HashSet<string> TokensOf(string text) =>
        Regex.Split(text, "[^A-Za-z_0-9]").Where(token => token.Length > 0).ToHashSet(StringComparer.Ordinal);

    private static double JaccardOf(HashSet<string> one, HashSet<string> other)
    {
        if (Math.Min(one.Count, other.Count) < Similarity * Math.Max(one.Count, other.Count))
            return 0;
        var shared = one.Count(other.Contains);
        return (double)shared / (one.Count + other.Count - shared);
    }

    private static bool ShareBand(NearSketch one, NearSketch other) =>
        one.Bands.Zip(other.Bands, (a, b) => a == b).Any(isEqual => isEqual);
}
