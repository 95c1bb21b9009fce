using System.Runtime.CompilerServices;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>The documents of a source, read by one worker.</summary>
/// <param name="options">Which documents make the corpus.</param>
/// <param name="source">Where they are.</param>
/// <param name="listing">What a walk over the source said.</param>
/// <param name="rules">What is done with the texts that pass the filters.</param>
/// <param name="progress">Hears how far it is.</param>
internal sealed class SourceReading(
    CorpusOptions options,
    ISourceTree source,
    SourceListing listing,
    ContentRules rules,
    IProgress<CorpusProgress>? progress
) : IDistinctDocuments
{
    // Documents between two reports of what is written.
    private const int ReportEvery = 1024;

    private NearDuplicateFilter? _filter;

    public NearDuplicateCounts? Near => _filter?.Counts;

    public IReadOnlyList<string> Notices => [];

    public async IAsyncEnumerable<KeptDocument> ReadAsync(
        CorpusTally tally,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var documents = ReadDistinctAsync(tally, cancellationToken);
        if (rules.Sketcher is { } sketcher)
        {
            _filter = new NearDuplicateFilter(options.NearDuplicates!, sketcher.Banding, options.WorkFolder, progress);
            documents = _filter.FilterAsync(documents, cancellationToken);
        }
        await foreach (var document in documents)
        {
            yield return document;
            if (_filter is not null && tally.Kept % ReportEvery == 0)
                progress?.Report(new CorpusProgress("write", tally.Read, tally.SourceBytes, tally.Kept));
        }
    }

    private async IAsyncEnumerable<KeptDocument> ReadDistinctAsync(
        CorpusTally tally,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var seen = options.DeduplicateExact && listing.Format != CorpusFormat.Tokens ? new DigestSet() : null;
        var distinct = 0L;
        var results = OrderedParallel.RunAsync(
            new SourceBatches(source, listing, options, rules).ReadAsync(cancellationToken),
            (batch, cancellation) => batch.LoadAsync(cancellation),
            options.Threads,
            cancellationToken
        );
        await foreach (var result in results)
        {
            tally.Add(result);
            foreach (var document in result.Kept)
            {
                if (seen?.Add(document.Digest) == false)
                {
                    tally.Drop(DropReason.Duplicate);
                    continue;
                }
                distinct++;
                yield return document;
            }
            progress?.Report(new CorpusProgress("read", tally.Read, tally.SourceBytes, distinct));
        }
    }
}
