using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Objectives;

/// <summary>
/// The special tokens that an objective needs beside end-of-text, by the names that RoBERTa's and T5's tokenizers have.
/// </summary>
public static class SpecialTokens
{
    /// <summary>Stands where a token was taken away.</summary>
    public const string Mask = "<mask>";

    /// <summary>Stands where span <paramref name="index"/> was taken away, and before it among the targets.</summary>
    public static string Sentinel(int index) => $"<extra_id_{index}>";

    /// <summary>The tokens that training needs, in the order in which a new tokenizer gets them.</summary>
    /// <param name="objective">What is predicted.</param>
    /// <param name="contextLength">Tokens of a sequence; at least <see cref="SpanSizes.MinContextLength"/>.</param>
    public static IReadOnlyList<string> Of(Objective objective, int contextLength) =>
        objective switch
        {
            Objective.MaskedLm => [Mask],
            Objective.SpanCorruption =>
            [
                .. Enumerable.Range(0, SpanSizes.Of(contextLength).SentinelCount).Select(Sentinel),
            ],
            _ => [],
        };
}
