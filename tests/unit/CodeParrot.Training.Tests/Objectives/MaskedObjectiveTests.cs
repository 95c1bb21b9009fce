using CodeParrot.Training.Objectives;

namespace CodeParrot.Training.Tests.Objectives;

public class MaskedObjectiveTests
{
    private const int Time = 200;
    private const int Mask = 1000;
    private const int VocabularySize = 1001;
    private const int Samples = 2000;

    private static readonly MaskedObjective Objective = new(Time, Mask, VocabularySize);

    // Ids are positions, so that what was changed shows.
    private static readonly long[] Source = [.. Enumerable.Range(0, Time).Select(i => (long)i)];

    [Fact]
    public void Fifteen_of_a_hundred_positions_are_predicted_and_only_they_may_change()
    {
        var (input, positions, targets) = Arrange(key: 7);

        Assert.Equal(30, positions.Length);
        Assert.Equal(positions.Order().Distinct(), positions);
        Assert.Equal(positions, targets);
        var changed = Enumerable.Range(0, Time).Where(i => input[i] != i).Select(i => (long)i);
        Assert.Subset(positions.ToHashSet(), changed.ToHashSet());
    }

    [Fact]
    public void Of_the_predicted_tokens_80_percent_are_masked_10_random_and_10_kept()
    {
        var (masked, kept, random) = (0, 0, 0);
        for (var key = 0UL; key < Samples; key++)
        {
            var (input, positions, _) = Arrange(key);
            masked += positions.Count(p => input[p] == Mask);
            kept += positions.Count(p => input[p] == p);
            random += positions.Count(p => input[p] != p && input[p] != Mask);
        }

        // 60,000 draws: three standard deviations are below 0.005.
        double all = Samples * 30;
        Assert.Equal(0.8, masked / all, 0.005);
        Assert.Equal(0.1, kept / all, 0.005);
        Assert.Equal(0.1, random / all, 0.005);
    }

    [Fact]
    public void Every_position_is_predicted_equally_often()
    {
        var counts = new int[Time];
        for (var key = 0UL; key < Samples; key++)
        {
            foreach (var position in Arrange(key).Positions)
            {
                counts[position]++;
            }
        }

        // 300 expected, standard deviation 16; the first and last places must not be special.
        Assert.All(counts, count => Assert.InRange(count, 220, 380));
    }

    [Fact]
    public void A_key_decides_everything()
    {
        var (first, other) = (Arrange(key: 3), Arrange(key: 4));

        Assert.Equal(first.Input, Arrange(key: 3).Input);
        Assert.NotEqual(first.Input, other.Input);
        Assert.NotEqual(first.Positions, other.Positions);
    }

    private static (long[] Input, long[] Positions, long[] Targets) Arrange(ulong key)
    {
        var input = new long[Objective.InputTokens];
        var (positions, targets) = (new long[Objective.TargetTokens], new long[Objective.TargetTokens]);
        Objective.Arrange(Source, key, input, positions, targets);
        return (input, positions, targets);
    }
}
