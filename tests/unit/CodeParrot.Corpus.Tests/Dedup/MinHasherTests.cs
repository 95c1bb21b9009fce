using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Corpus.Tests.Dedup;

public sealed class MinHasherTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(256)]
    public void Fewer_functions_are_the_first_of_more(int count)
    {
        var tokens = Tokens(new Random(3), 50);

        var minima = new MinHasher(count, seed: 1).Compute(tokens);

        Assert.Equal(new MinHasher(300, seed: 1).Compute(tokens)[..count], minima);
        Assert.NotEqual(new MinHasher(count, seed: 2).Compute(tokens), minima);
    }

    [Fact]
    public void The_minima_of_a_union_are_the_lesser_ones_of_both()
    {
        var random = new Random(5);
        var (one, other) = (Tokens(random, 40), Tokens(random, 70));
        var hasher = new MinHasher(256, seed: 1);

        var union = hasher.Compute([.. one, .. other]);

        Assert.Equal(hasher.Compute(one).Zip(hasher.Compute(other), Math.Min), union);
        Assert.All(hasher.Compute([]), minimum => Assert.Equal(uint.MaxValue, minimum));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.85)]
    [InlineData(0.97)]
    public void Signatures_agree_as_often_as_sets_do(double similarity)
    {
        const int trials = 200;
        const int count = 256;
        var random = new Random(11);
        var hasher = new MinHasher(count, seed: 1);
        var agreed = 0;
        var expected = 0.0;
        for (var trial = 0; trial < trials; trial++)
        {
            var shared = Tokens(random, (int)Math.Round(similarity * 200));
            var rest = Tokens(random, 200 - shared.Length);
            var half = rest.Length / 2;
            var one = hasher.Compute([.. shared, .. rest[..half]]);
            var other = hasher.Compute([.. shared, .. rest[half..]]);
            agreed += one.Zip(other, (a, b) => a == b ? 1 : 0).Sum();
            expected += shared.Length / 200.0 / trials;
        }

        // Four standard errors of independent draws; the draws of one trial are nearly that.
        var tolerance = 4 * Math.Sqrt(expected * (1 - expected) / (trials * count));
        Assert.InRange(agreed / (double)(trials * count), expected - tolerance, expected + tolerance);
    }

    private static uint[] Tokens(Random random, int count) =>
        Enumerable.Range(0, count).Select(_ => (uint)random.NextInt64(1, uint.MaxValue)).ToArray();
}
