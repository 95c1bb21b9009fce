namespace CodeParrot.Corpus;

/// <summary>The source of a corpus does not exist, or is empty.</summary>
public sealed class SourceNotFoundException(string uri, Exception? cause = null)
    : CorpusException(
        $"corpus source '{uri}': nothing is there; correct spec.corpus.source.uri, or put the documents there",
        cause
    )
{
    /// <summary>Gets the source as it was named.</summary>
    public string Uri => uri;
}
