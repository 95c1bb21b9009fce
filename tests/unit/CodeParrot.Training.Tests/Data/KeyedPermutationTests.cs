using CodeParrot.Training.Data;

namespace CodeParrot.Training.Tests.Data;

public class KeyedPermutationTests
{
    [Fact]
    public void Every_index_is_met_exactly_once()
    {
        foreach (var count in Enumerable.Range(1, 70).Append(255).Append(256).Append(257).Append(1000))
        {
            var permutation = new KeyedPermutation(count, key: 42);

            var met = Enumerable.Range(0, count).Select(i => permutation.At(i)).Order();

            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), met);
        }
    }

    [Fact]
    public void Neighbouring_keys_give_unrelated_orders()
    {
        const int count = 1000;
        var (one, other) = (new KeyedPermutation(count, 1), new KeyedPermutation(count, 2));

        var fixedPoints = Enumerable.Range(0, count).Count(i => one.At(i) == i);
        var agreements = Enumerable.Range(0, count).Count(i => one.At(i) == other.At(i));

        // Both are 1 on average for random permutations.
        Assert.InRange(fixedPoints, 0, 8);
        Assert.InRange(agreements, 0, 8);
    }

    [Fact]
    public void Positions_are_spread_evenly()
    {
        const int count = 10_000;
        var permutation = new KeyedPermutation(count, 5);

        // The mean of the first tenth of a fair shuffle has a standard deviation of some 87 around the middle.
        var mean = Enumerable.Range(0, count / 10).Average(i => (double)permutation.At(i));

        Assert.InRange(mean, 4550, 5450);
    }

    [Fact]
    public void A_corpus_of_billions_needs_no_table()
    {
        var permutation = new KeyedPermutation(5_000_000_000, 1);

        Assert.All(new[] { 0L, 1, 4_999_999_999 }, i => Assert.InRange(permutation.At(i), 0, 4_999_999_999));
        Assert.Throws<ArgumentOutOfRangeException>(() => permutation.At(5_000_000_000));
    }
}
