namespace CodeParrot.Corpus;

/// <summary>The source of a corpus exists, but may not be read.</summary>
public sealed class SourceUnreadableException(string uri, Exception cause)
    : CorpusException(
        $"corpus source '{uri}': cannot be read ({cause.Message}); give this user permission to read it",
        cause
    )
{
    /// <summary>Gets the source as it was named.</summary>
    public string Uri => uri;
}
