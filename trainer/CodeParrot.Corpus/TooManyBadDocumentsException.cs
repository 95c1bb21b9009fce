using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus;

/// <summary>More of the source is damaged than was allowed.</summary>
public sealed class TooManyBadDocumentsException(string uri, int limit, IReadOnlyList<BadInput> first)
    : CorpusException(
        $"corpus source '{uri}': more than {limit} bad lines or files (the first: "
            + string.Join("; ", first.Select(bad => bad.ToString()))
            + "); repair the source, or raise spec.corpus.maxBadDocuments"
    )
{
    /// <summary>Gets the source as it was named.</summary>
    public string Uri => uri;

    /// <summary>Gets how many were allowed.</summary>
    public int Limit => limit;

    /// <summary>Gets the first ones.</summary>
    public IReadOnlyList<BadInput> First => first;
}
