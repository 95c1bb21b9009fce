namespace CodeParrot.Tokenizer.Learning;

/// <summary>
/// The order of merging: the higher count first, and of equal counts the lower left id, then the lower right id.
/// </summary>
internal sealed class PairOrder : IComparer<(long Count, ulong Key)>
{
    /// <inheritdoc/>
    public int Compare((long Count, ulong Key) x, (long Count, ulong Key) y)
    {
        int byCount = y.Count.CompareTo(x.Count);
        return byCount != 0 ? byCount : x.Key.CompareTo(y.Key);
    }
}
