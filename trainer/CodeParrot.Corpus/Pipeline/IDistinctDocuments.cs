using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>The documents of a corpus in the source's order, without duplicates.</summary>
internal interface IDistinctDocuments
{
    /// <summary>
    /// Gets what the search for near duplicates found, once all were read; none where there was no search.
    /// </summary>
    NearDuplicateCounts? Near { get; }

    /// <summary>Gets what a person should know of how they were read.</summary>
    IReadOnlyList<string> Notices { get; }

    /// <summary>Reads them once; what is not among them is counted.</summary>
    IAsyncEnumerable<KeptDocument> ReadAsync(CorpusTally tally, CancellationToken cancellationToken);
}
