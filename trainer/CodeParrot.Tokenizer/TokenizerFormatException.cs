namespace CodeParrot.Tokenizer;

/// <summary>A tokenizer's file is missing, damaged, or describes something other than GPT-2's byte-level BPE.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong with it, and what was expected.</param>
/// <param name="cause">The first cause, if there is one.</param>
public sealed class TokenizerFormatException(string path, string reason, Exception? cause = null)
    : Exception($"{path}: {reason}", cause)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; } = reason;
}
