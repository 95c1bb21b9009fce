using CodeParrot.Training.Objectives;

namespace CodeParrot.Training.Tests.Objectives;

public class KeyedDrawsTests
{
    [Fact]
    public void Every_choice_of_two_of_five_comes_equally_often()
    {
        var counts = new Dictionary<(long, long), int>();
        Span<long> chosen = stackalloc long[2];
        for (var key = 0UL; key < 10_000; key++)
        {
            new KeyedDraws(key).Choose(5, chosen);
            counts[(chosen[0], chosen[1])] = counts.GetValueOrDefault((chosen[0], chosen[1])) + 1;
        }

        Assert.Equal(10, counts.Count);
        // 1,000 expected, standard deviation 30.
        Assert.All(counts, pair => Assert.InRange(pair.Value, 850, 1150));
        Assert.All(counts.Keys, pair => Assert.True(pair.Item1 < pair.Item2 && pair.Item2 < 5));
    }

    [Fact]
    public void Every_division_of_six_into_three_comes_equally_often()
    {
        var counts = new Dictionary<(long, long, long), int>();
        Span<long> parts = stackalloc long[3];
        for (var key = 0UL; key < 10_000; key++)
        {
            new KeyedDraws(key).Divide(6, parts);
            var division = (parts[0], parts[1], parts[2]);
            counts[division] = counts.GetValueOrDefault(division) + 1;
        }

        Assert.Equal(10, counts.Count);
        Assert.All(counts, pair => Assert.InRange(pair.Value, 850, 1150));
        Assert.All(counts.Keys, parts => Assert.Equal(6, parts.Item1 + parts.Item2 + parts.Item3));
    }

    [Fact]
    public void Numbers_below_a_limit_are_spread_evenly()
    {
        var counts = new int[7];
        var draws = new KeyedDraws(3);
        for (var i = 0; i < 70_000; i++)
        {
            counts[draws.Below(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }
}
