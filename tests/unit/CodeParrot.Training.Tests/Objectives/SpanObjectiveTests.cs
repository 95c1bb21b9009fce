using CodeParrot.Contract.Objectives;
using CodeParrot.Training.Objectives;

namespace CodeParrot.Training.Tests.Objectives;

public class SpanObjectiveTests
{
    private const long FirstSentinel = 10_000;

    private static readonly SpanSizes Sizes = SpanSizes.Of(256);
    private static readonly SpanObjective Objective = new(
        Sizes,
        [.. Enumerable.Range(0, Sizes.SentinelCount).Select(i => FirstSentinel + i)]
    );

    private static readonly long[] Source = [.. Enumerable.Range(0, Sizes.SourceTokens).Select(i => (long)i)];

    [Fact]
    public void The_two_parts_together_give_the_sequence_back()
    {
        for (var key = 0UL; key < 200; key++)
        {
            var (input, _, targets) = Arrange(key);
            var answers = Spans(targets);
            Assert.Equal(Sizes.SpanCount + 1, answers.Count);
            Assert.Empty(answers[^1].Tokens);

            var restored = new List<long>();
            foreach (var token in input[..Sizes.InputTokens])
            {
                restored.AddRange(token < FirstSentinel ? [token] : answers[(int)(token - FirstSentinel)].Tokens);
            }

            Assert.Equal(Source, restored);
            Assert.Equal(targets, input[Sizes.InputTokens..]);
            Assert.All(answers.Take(Sizes.SpanCount), span => Assert.NotEmpty(span.Tokens));
        }
    }

    [Fact]
    public void Each_token_of_the_second_part_is_predicted_by_the_output_before_it()
    {
        var (input, positions, targets) = Arrange(key: 5);

        Assert.Equal(Sizes.TargetTokens, positions.Length);
        Assert.All(positions.Zip(targets), pair => Assert.Equal(pair.Second, input[pair.First + 1]));
        Assert.Equal(input.Length - 2, positions[^1]);
    }

    [Fact]
    public void Fifteen_percent_are_taken_out_in_spans_of_three_that_differ()
    {
        var lengths = new List<int>();
        for (var key = 0UL; key < 500; key++)
        {
            lengths.AddRange(Spans(Arrange(key).Targets).Take(Sizes.SpanCount).Select(span => span.Tokens.Count));
        }

        Assert.Equal(0.15, (double)Sizes.NoiseTokens / Sizes.SourceTokens, 0.01);
        Assert.Equal(3, lengths.Average(), 0.2);
        Assert.True(lengths.Distinct().Count() > 5);
    }

    [Fact]
    public void A_key_decides_everything()
    {
        Assert.Equal(Arrange(key: 1).Input, Arrange(key: 1).Input);
        Assert.NotEqual(Arrange(key: 1).Input, Arrange(key: 2).Input);
    }

    private static List<(long Sentinel, List<long> Tokens)> Spans(long[] targets)
    {
        var spans = new List<(long Sentinel, List<long> Tokens)>();
        foreach (var token in targets)
        {
            if (token >= FirstSentinel)
            {
                Assert.Equal(FirstSentinel + spans.Count, token);
                spans.Add((token, []));
            }
            else
            {
                spans[^1].Tokens.Add(token);
            }
        }

        return spans;
    }

    private static (long[] Input, long[] Positions, long[] Targets) Arrange(ulong key)
    {
        var input = new long[Objective.InputTokens];
        var (positions, targets) = (new long[Objective.TargetTokens], new long[Objective.TargetTokens]);
        Objective.Arrange(Source, key, input, positions, targets);
        return (input, positions, targets);
    }
}
