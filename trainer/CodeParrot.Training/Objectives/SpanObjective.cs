using CodeParrot.Contract.Objectives;

namespace CodeParrot.Training.Objectives;

/// <summary>
/// T5's span corruption (Raffel et al. 2020, §3.1.4) laid out for a decoder: the sequence with a sentinel in place of
/// each span taken out, then every sentinel with its span, then a last sentinel. Only the second part is predicted.
/// </summary>
internal sealed class SpanObjective : IObjective
{
    private readonly SpanSizes _sizes;
    private readonly long[] _sentinels;

    /// <param name="sizes">How much is taken away.</param>
    /// <param name="sentinels">Ids of the sentinels, one more than there are spans.</param>
    public SpanObjective(SpanSizes sizes, long[] sentinels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sentinels.Length, sizes.SentinelCount);
        _sizes = sizes;
        _sentinels = sentinels;
    }

    public int SourceTokens => _sizes.SourceTokens;

    public int InputTokens => _sizes.Tokens;

    public int TargetTokens => _sizes.TargetTokens;

    public bool PredictsNext => false;

    public void Arrange(
        ReadOnlySpan<long> source,
        ulong key,
        Span<long> input,
        Span<long> positions,
        Span<long> targets
    )
    {
        var spanCount = _sizes.SpanCount;
        Span<long> kept = stackalloc long[spanCount];
        Span<long> hidden = stackalloc long[spanCount];
        var draws = new KeyedDraws(key);
        draws.Divide(_sizes.SourceTokens - _sizes.NoiseTokens, kept);
        draws.Divide(_sizes.NoiseTokens, hidden);
        var (read, shown, answered) = (0, 0, 0);
        for (var span = 0; span < spanCount; span++)
        {
            var (keptCount, hiddenCount) = ((int)kept[span], (int)hidden[span]);
            source.Slice(read, keptCount).CopyTo(input[shown..]);
            shown += keptCount;
            input[shown++] = _sentinels[span];
            targets[answered++] = _sentinels[span];
            source.Slice(read + keptCount, hiddenCount).CopyTo(targets[answered..]);
            answered += hiddenCount;
            read += keptCount + hiddenCount;
        }

        targets[answered] = _sentinels[spanCount];
        targets.CopyTo(input[shown..]);
        for (var i = 0; i < targets.Length; i++)
        {
            // The output at the last sentinel of the first part predicts the first token of the second.
            positions[i] = shown - 1 + i;
        }
    }
}
