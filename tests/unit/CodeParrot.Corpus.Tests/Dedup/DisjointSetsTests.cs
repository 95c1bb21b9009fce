using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Corpus.Tests.Dedup;

public sealed class DisjointSetsTests
{
    [Fact]
    public void The_smallest_number_stands_for_all_that_were_united()
    {
        var random = new Random(9);
        var sets = new DisjointSets(200);
        var labels = Enumerable.Range(0, 200).ToArray();
        for (var i = 0; i < 150; i++)
        {
            var (one, other) = (random.Next(200), random.Next(200));
            sets.Unite(one, other);
            var (least, most) = (Math.Min(labels[one], labels[other]), Math.Max(labels[one], labels[other]));
            labels = labels.Select(label => label == most ? least : label).ToArray();
        }

        Assert.Equal(labels, Enumerable.Range(0, 200).Select(sets.Find));
    }
}
