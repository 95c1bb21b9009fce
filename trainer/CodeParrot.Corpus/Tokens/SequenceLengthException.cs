namespace CodeParrot.Corpus.Tokens;

/// <summary>Ready-made sequences do not have the length that training asks for.</summary>
public sealed class SequenceLengthException(string split, long lines, long minTokens, long maxTokens, int expected)
    : CorpusException(
        $"the {split} split has {lines} ready-made sequences of "
            + (minTokens == maxTokens ? $"{minTokens}" : $"{minTokens} to {maxTokens}")
            + $" tokens, but every one must have {expected}; set model.contextLength to their length, "
            + "or cut the lines to it"
    )
{
    /// <summary>Gets the number of sequences.</summary>
    public long Lines => lines;

    /// <summary>Gets the tokens of the shortest.</summary>
    public long MinTokens => minTokens;

    /// <summary>Gets the tokens of the longest.</summary>
    public long MaxTokens => maxTokens;

    /// <summary>Gets the length asked for.</summary>
    public int Expected => expected;
}
