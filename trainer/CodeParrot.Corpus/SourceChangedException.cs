namespace CodeParrot.Corpus;

/// <summary>Objects of the source were added, removed or replaced while it was read.</summary>
public sealed class SourceChangedException(string uri)
    : CorpusException(
        $"corpus source '{uri}': its files changed while they were read, so the corpus would not match its name; "
            + "start again when nothing writes there"
    )
{
    /// <summary>Gets the source as it was named.</summary>
    public string Uri => uri;
}
