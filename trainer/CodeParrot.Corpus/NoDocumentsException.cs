namespace CodeParrot.Corpus;

/// <summary>A source has objects, but no document of it is kept.</summary>
public sealed class NoDocumentsException(string uri, string reason)
    : CorpusException($"corpus source '{uri}': no document is usable: {reason}")
{
    /// <summary>Gets the source as it was named.</summary>
    public string Uri => uri;
}
