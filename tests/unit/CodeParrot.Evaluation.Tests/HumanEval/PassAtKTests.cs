using CodeParrot.Evaluation.HumanEval;

namespace CodeParrot.Evaluation.Tests.HumanEval;

public class PassAtKTests
{
    [Theory]
    [InlineData(6, 0, 1)]
    [InlineData(6, 1, 1)]
    [InlineData(6, 1, 3)]
    [InlineData(6, 4, 2)]
    [InlineData(6, 4, 3)]
    [InlineData(6, 6, 6)]
    [InlineData(5, 2, 5)]
    public void Is_the_share_of_all_choices_of_k_that_hold_a_pass(int samples, int passed, int k)
    {
        // All subsets of k samples, of which the first ones passed.
        var choices = Enumerable.Range(0, 1 << samples).Where(set => int.PopCount(set) == k).ToList();
        var expected = choices.Count(set => (set & ((1 << passed) - 1)) != 0) / (double)choices.Count;

        Assert.Equal(expected, PassAtK.Of(samples, passed, k), 12);
    }

    [Fact]
    public void Does_not_overflow_where_binomials_do()
    {
        // 1 - 180/200: for k = 1 it is the plain share.
        Assert.Equal(0.1, PassAtK.Of(200, 20, 1), 12);
        Assert.InRange(PassAtK.Of(1000, 3, 100), 0.27, 0.28);
        Assert.Equal(1, PassAtK.Of(200, 101, 100));
    }

    [Fact]
    public void Wants_at_least_k_samples() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PassAtK.Of(samples: 9, passed: 1, k: 10));
}
