namespace CodeParrot.Corpus.Dedup;

/// <summary>Compares sets of tokens.</summary>
internal static class TokenSets
{
    /// <summary>Returns whether the Jaccard similarity of two sets is at least this much.</summary>
    /// <param name="one">Ascending, without repetitions, not empty.</param>
    /// <param name="other">The same.</param>
    /// <param name="similarity">The least that counts.</param>
    public static bool AreSimilar(ReadOnlySpan<uint> one, ReadOnlySpan<uint> other, double similarity)
    {
        // The most that sets of these sizes can share.
        if ((double)Math.Min(one.Length, other.Length) / Math.Max(one.Length, other.Length) < similarity)
            return false;
        var shared = CountShared(one, other);
        return (double)shared / (one.Length + other.Length - shared) >= similarity;
    }

    private static int CountShared(ReadOnlySpan<uint> one, ReadOnlySpan<uint> other)
    {
        var (i, j, shared) = (0, 0, 0);
        while (i < one.Length && j < other.Length)
        {
            // Without branches: which of the two comes next cannot be predicted.
            var (a, b) = (one[i], other[j]);
            shared += a == b ? 1 : 0;
            i += a <= b ? 1 : 0;
            j += b <= a ? 1 : 0;
        }
        return shared;
    }
}
