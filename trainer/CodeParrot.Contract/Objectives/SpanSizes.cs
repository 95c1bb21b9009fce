namespace CodeParrot.Contract.Objectives;

/// <summary>
/// How much of a sequence span corruption takes away (Raffel et al. 2020, §3.1.4: 15 % in spans of 3 on average), such
/// that what remains and what is to be answered fill one context: the same numbers for every sequence.
/// </summary>
/// <param name="SourceTokens">Tokens of the corpus in a sequence.</param>
/// <param name="NoiseTokens">How many of them are taken away.</param>
/// <param name="SpanCount">In so many spans.</param>
public sealed record SpanSizes(int SourceTokens, int NoiseTokens, int SpanCount)
{
    /// <summary>Share of the tokens that is taken away.</summary>
    public const double NoiseDensity = 0.15;

    /// <summary>Mean tokens of a span.</summary>
    public const double MeanSpanTokens = 3;

    /// <summary>Shorter sequences hold no span worth the name.</summary>
    public const int MinContextLength = 8;

    /// <summary>What remains, with a sentinel for each span.</summary>
    public int InputTokens => SourceTokens - NoiseTokens + SpanCount;

    /// <summary>Each span behind its sentinel, and one more sentinel for the end.</summary>
    public int TargetTokens => NoiseTokens + SpanCount + 1;

    /// <summary>Tokens of the sequence that the model sees: input, then targets.</summary>
    public int Tokens => InputTokens + TargetTokens;

    /// <summary>Different sentinels in it.</summary>
    public int SentinelCount => SpanCount + 1;

    /// <summary>The sizes of the longest source that fits a context.</summary>
    /// <param name="contextLength">Tokens that the model sees at once.</param>
    public static SpanSizes Of(int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, MinContextLength);
        for (var source = contextLength; ; source--)
        {
            var sizes = OfSource(source);
            if (sizes.Tokens <= contextLength)
            {
                return sizes;
            }
        }
    }

    private static SpanSizes OfSource(int tokens)
    {
        var noise = Math.Clamp((int)Math.Round(tokens * NoiseDensity), 1, tokens - 1);
        var spans = Math.Max(1, (int)Math.Round(noise / MeanSpanTokens));
        return new SpanSizes(tokens, noise, spans);
    }
}
