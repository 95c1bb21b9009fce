namespace CodeParrot.Corpus.Secrets;

/// <summary>Finds one kind of secret. Safe for concurrent use.</summary>
internal interface ISecretDetector
{
    /// <summary>Adds what it finds, in the order of the text.</summary>
    void Find(ReadOnlySpan<char> text, List<Secret> found);
}
