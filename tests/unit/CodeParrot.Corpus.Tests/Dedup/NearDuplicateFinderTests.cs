using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Corpus.Tests.Dedup;

public sealed class NearDuplicateFinderTests : IDisposable
{
    private const double Similarity = 0.7;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Groups_are_what_comparing_all_candidates_says()
    {
        var random = new Random(17);
        var sketcher = new NearSketcher(new NearDuplicateOptions { Similarity = Similarity, Permutations = 64 });
        var sketches = Enumerable.Range(0, 300).Select(_ => sketcher.Sketch(Variant(random))).ToList();
        var expected = new DisjointSets(sketches.Count);
        for (var i = 0; i < sketches.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (AreNear(sketches[i], sketches[j]))
                    expected.Unite(i, j);
            }
        }

        var (firsts, counts) = Find(sketches, sketcher.Banding);

        var all = Enumerable.Range(0, sketches.Count).ToArray();
        Assert.Equal(all.Where(i => expected.Find(i) == i), firsts);
        Assert.InRange(counts.Groups, 5, 100);
        Assert.Equal(sketches.Count - firsts.Count, counts.Dropped);
        Assert.Equal(all.GroupBy(expected.Find).Max(group => group.Count()), counts.Largest);
        Assert.Contains(sketches, sketch => sketch is null);
    }

    [Fact]
    public void Bands_are_read_back_across_blocks()
    {
        const int count = (2 * SketchFiles.BlockSketches) + 5;
        var files = new SketchFiles(_scratch.Path, bands: 3);
        using (var writer = new SketchWriter(files))
        {
            for (var i = 0; i < count; i++)
                writer.Add(i % 7 == 0 ? null : new NearSketch([(ulong)i, (ulong)i + 1, (ulong)i + 2], [(uint)i]));
            writer.Complete();
        }

        using var reader = new SketchReader(files, count);
        var band = new ulong[count];
        reader.ReadBand(2, band);

        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i % 7 == 0 ? 0 : (ulong)i + 2, band[i]);
            Assert.Equal(i % 7 == 0 ? [] : [(uint)i], reader.TokensOf(i).ToArray());
        }
    }

    [Fact]
    public void Documents_without_sketches_are_all_kept()
    {
        var (firsts, counts) = Find([null, null, null], new Banding(2, 2));

        Assert.Equal([0, 1, 2], firsts);
        Assert.Equal(new NearDuplicateCounts(0, 0, 0, 0, 2, 2), counts);
    }

    [Fact]
    public void Many_copies_are_compared_once_each()
    {
        var sketcher = new NearSketcher(new NearDuplicateOptions());
        var sketch = sketcher.Sketch("a b c d e f g h i j k l m");

        var (firsts, counts) = Find([.. Enumerable.Repeat(sketch, 5000)], sketcher.Banding);

        Assert.Equal([0], firsts);
        Assert.Equal((1, 5000, 4999), (counts.Groups, counts.Largest, counts.Compared));
    }

    private (List<int> Firsts, NearDuplicateCounts Counts) Find(List<NearSketch?> sketches, Banding banding)
    {
        var files = new SketchFiles(_scratch.Path, banding.Bands);
        using (var writer = new SketchWriter(files))
        {
            foreach (var sketch in sketches)
                writer.Add(sketch);
            writer.Complete();
        }
        using var reader = new SketchReader(files, sketches.Count);
        var finder = new NearDuplicateFinder(reader, Similarity);
        for (var band = 0; band < banding.Bands; band++)
            finder.AddBand(band, CancellationToken.None);
        return (Enumerable.Range(0, sketches.Count).Where(finder.IsFirst).ToList(), finder.Count(banding));
    }

    private static bool AreNear(NearSketch? one, NearSketch? other) =>
        one is not null
        && other is not null
        && one.Bands.Zip(other.Bands, (a, b) => a == b).Any(isEqual => isEqual)
        && (double)one.Tokens.Intersect(other.Tokens).Count() / one.Tokens.Union(other.Tokens).Count() >= Similarity;

    // One of 20 texts of 40 names, with up to 15 of them replaced; some are too short.
    private static string Variant(Random random)
    {
        var text = random.Next(20);
        var names = Enumerable.Range(0, text == 0 ? 5 : 40).Select(i => $"name{text}_{i}").ToArray();
        for (var edits = random.Next(16); edits > 0; edits--)
            names[random.Next(names.Length)] = $"other{random.Next()}";
        return string.Join(" = ", names);
    }
}
