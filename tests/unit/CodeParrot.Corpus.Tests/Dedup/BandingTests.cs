using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Corpus.Tests.Dedup;

public sealed class BandingTests
{
    // 5 x 25 stands in the library's documentation, 25 x 10 in BigCode's; the rest by its rule, integrated anew.
    [Theory]
    [InlineData(0.85, 256, 0.5, 13, 19)]
    [InlineData(0.7, 256, 0.5, 25, 10)]
    [InlineData(0.5, 128, 0.5, 25, 5)]
    [InlineData(0.9, 128, 0.5, 5, 25)]
    [InlineData(1, 64, 0.5, 1, 64)]
    [InlineData(0.85, 256, 0.9, 18, 14)]
    [InlineData(0.7, 256, 0.9, 32, 8)]
    public void It_chooses_as_datasketch_does(double similarity, int permutations, double weight, int bands, int rows)
    {
        Assert.Equal(new Banding(bands, rows), Banding.Choose(similarity, permutations, weight));
    }

    [Fact]
    public void The_curve_rises_where_it_should()
    {
        var banding = new Banding(13, 19);

        Assert.Equal(0.455, banding.ProbabilityAt(0.85), 3);
        Assert.InRange(banding.ProbabilityAt(0.95), 0.99, 1);
        Assert.InRange(banding.ProbabilityAt(0.6), 0, 0.001);
    }
}
