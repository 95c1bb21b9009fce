using CodeParrot.Contract.Objectives;

namespace CodeParrot.Contract.Tests.Objectives;

public sealed class SpanSizesTests
{
    [Theory]
    [InlineData(512, 465, 70, 23)]
    [InlineData(1024, 929, 139, 46)]
    [InlineData(8, 5, 1, 1)]
    public void A_context_holds_the_longest_source_that_fits(int context, int source, int noise, int spans)
    {
        var sizes = SpanSizes.Of(context);

        Assert.Equal(new SpanSizes(source, noise, spans), sizes);
        Assert.Equal(spans + 1, sizes.SentinelCount);
    }

    [Fact]
    public void Every_context_is_nearly_full_and_every_span_has_a_token_before_it()
    {
        for (var context = SpanSizes.MinContextLength; context <= 4096; context++)
        {
            var sizes = SpanSizes.Of(context);

            Assert.InRange(sizes.Tokens, context - 2, context);
            Assert.Equal(sizes.Tokens, sizes.InputTokens + sizes.TargetTokens);
            Assert.True(sizes.SourceTokens - sizes.NoiseTokens >= sizes.SpanCount);
            Assert.True(sizes.NoiseTokens >= sizes.SpanCount);
        }
    }
}
