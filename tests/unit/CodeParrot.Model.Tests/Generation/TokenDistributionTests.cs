using CodeParrot.Model.Generation;

namespace CodeParrot.Model.Tests.Generation;

public class TokenDistributionTests
{
    private static readonly float[] _logits = [0f, 2f, 1f, 2f, -3f];

    [Fact]
    public void Unfiltered_it_is_the_softmax()
    {
        var distribution = TokenDistribution.Of(_logits, new GenerationOptions());

        var total = _logits.Sum(x => Math.Exp(x));
        Assert.Equal([0, 1, 2, 3, 4], distribution.Ids);
        Assert.All(
            distribution.Probabilities.Select((p, id) => (p, id)),
            pair => Assert.Equal(Math.Exp(_logits[pair.id]) / total, pair.p, 1e-12)
        );
    }

    [Fact]
    public void Top_k_keeps_tokens_tied_with_the_last()
    {
        Assert.Equal([1, 3], TokenDistribution.Of(_logits, new GenerationOptions { TopK = 1 }).Ids);
        Assert.Equal([1, 2, 3], TokenDistribution.Of(_logits, new GenerationOptions { TopK = 3 }).Ids);
        Assert.Equal(5, TokenDistribution.Of(_logits, new GenerationOptions { TopK = 50 }).Ids.Count);
    }

    [Fact]
    public void Top_p_keeps_at_least_the_likeliest()
    {
        Assert.Single(TokenDistribution.Of([0f, 9f, 1f], new GenerationOptions { TopP = 1e-9 }).Ids);
    }

    [Fact]
    public void Skipping_the_tail_changes_no_nucleus()
    {
        var random = new Random(4);
        for (var round = 0; round < 50; round++)
        {
            var logits = Enumerable.Range(0, 200).Select(_ => (float)(random.NextDouble() * 12)).ToArray();
            var topP = 0.01 + 0.98 * random.NextDouble();
            var weights = logits.Select(x => Math.Exp(x)).ToArray();
            var order = Enumerable.Range(0, 200).OrderByDescending(i => weights[i]).ToArray();
            var sum = 0.0;
            var expected = order.TakeWhile(i => (sum += weights[i]) - weights[i] < topP * weights.Sum()).Order();

            Assert.Equal(expected, TokenDistribution.Of(logits, new GenerationOptions { TopP = topP }).Ids);
        }
    }

    [Fact]
    public void Draws_follow_the_probabilities()
    {
        var distribution = TokenDistribution.Of(_logits, new GenerationOptions { TopK = 3 });

        const int draws = 20_000;
        var counts = new int[5];
        for (var i = 0; i < draws; i++)
        {
            counts[distribution.Draw(SplitMix64.Uniform(12, (ulong)i))]++;
        }

        // Three standard deviations of a share of 20,000 draws are at most 1.1 %.
        Assert.All(
            distribution.Ids.Zip(distribution.Probabilities),
            pair => Assert.InRange(counts[pair.First] / (double)draws, pair.Second - 0.011, pair.Second + 0.011)
        );
        Assert.Equal(3, distribution.Draw(0.9999999999999999));
    }

    [Fact]
    public void Logits_that_are_not_finite_are_refused()
    {
        Assert.Throws<ArithmeticException>(() => TokenDistribution.Of([1f, float.NaN], new GenerationOptions()));
        Assert.Throws<ArithmeticException>(() => TokenDistribution.Greatest([float.NaN, 1f]));
        Assert.Throws<ArithmeticException>(() =>
            TokenDistribution.Of([1f, float.PositiveInfinity], new GenerationOptions())
        );
    }
}
