namespace CodeParrot.Corpus.Tokens;

/// <summary>Sequences of tokens by their index.</summary>
public interface ISequenceSource
{
    /// <summary>Returns how many sequences of <paramref name="length"/> tokens there are.</summary>
    /// <exception cref="SequenceLengthException">Ready-made sequences are not all of this length.</exception>
    long SequenceCount(int length);

    /// <summary>Copies a sequence, whose length is that of the destination.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence.</exception>
    void CopySequence(long index, Span<long> destination);
}
