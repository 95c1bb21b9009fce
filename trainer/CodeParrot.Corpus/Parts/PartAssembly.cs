using System.Collections;
using System.Runtime.CompilerServices;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Pipeline;
using CodeParrot.Corpus.Readers;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Parts;

/// <summary>
/// Puts parts together: what is in several is found by their indexes, and then their texts are read in the source's
/// order. What comes out is what one worker would have read.
/// </summary>
/// <param name="options">Which documents make the corpus.</param>
/// <param name="work">What is to be built.</param>
/// <param name="source">Where the documents are.</param>
/// <param name="worker">Makes parts that are damaged once more.</param>
/// <param name="wait">Waits for the parts of others.</param>
/// <param name="progress">Hears how far it is.</param>
internal sealed class PartAssembly(
    CorpusOptions options,
    CorpusWork work,
    ISourceTree source,
    PieceWorker worker,
    PartWait wait,
    IProgress<CorpusProgress>? progress
) : IDistinctDocuments
{
    private readonly List<string> _damaged = [];

    public NearDuplicateCounts? Near { get; private set; }

    public IReadOnlyList<string> Notices => [.. wait.Notices, .. _damaged];

    public async IAsyncEnumerable<KeptDocument> ReadAsync(
        CorpusTally tally,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var all = await wait.CollectAsync(cancellationToken);
        await RequireUnchangedAsync(cancellationToken);
        foreach (var part in all)
            tally.Add(part.Counts);
        var folder = WorkFolders.Create(options.WorkFolder);
        try
        {
            var files = work.Parts.FilesIn(folder.FullName);
            var dropped = await FindDroppedAsync(all, files, folder, tally, cancellationToken);
            var place = 0;
            foreach (var part in all)
            {
                var path = await FetchAsync(files, part, part.Texts, cancellationToken);
                foreach (var document in DocumentSpool.Read(path, part.Documents))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (!dropped[place++])
                        yield return document;
                }
                files.Release(path);
                progress?.Report(new CorpusProgress("write", tally.Read, tally.SourceBytes, tally.Kept));
            }
        }
        finally
        {
            WorkFolders.Delete(folder);
        }
    }

    // Workers look at the source at other times, and parts may be older than all of them.
    private async Task RequireUnchangedAsync(CancellationToken cancellationToken)
    {
        var include = new IncludePattern(options.Include);
        var now = await SourceListing.ReadAsync(source, work.Listing.Format, include, cancellationToken);
        if (now.Digest != work.Listing.Digest)
            throw new SourceChangedException(source.Uri);
    }

    private async Task<BitArray> FindDroppedAsync(
        IReadOnlyList<PartManifest> all,
        DocumentShardFiles files,
        DirectoryInfo folder,
        CorpusTally tally,
        CancellationToken cancellationToken
    )
    {
        var dropped = new BitArray(checked((int)all.Sum(part => (long)part.Documents)));
        var dropsDuplicates = options.DeduplicateExact && work.Listing.Format != CorpusFormat.Tokens;
        if (work.Rules.Sketcher is null && !dropsDuplicates)
            return dropped;
        var seen = dropsDuplicates ? new DigestSet() : null;
        using var search = work.Rules.Sketcher is { } sketcher
            ? new NearDuplicateSearch(options.NearDuplicates!, sketcher.Banding, folder.FullName, progress)
            : null;
        var place = 0;
        foreach (var part in all)
        {
            progress?.Report(new CorpusProgress($"merge, part {part.Piece + 1} of {all.Count}", place, 0, tally.Kept));
            var path = await FetchAsync(files, part, part.Index, cancellationToken);
            foreach (
                var (digest, sketch) in PartIndex.Read(path, part.Documents, work.Rules.Sketcher?.Banding.Bands ?? 0)
            )
            {
                cancellationToken.ThrowIfCancellationRequested();
                var isNew = seen?.Add(digest) ?? true;
                dropped[place++] = !isNew;
                if (isNew)
                    search?.Add(sketch);
                else
                    tally.Drop(DropReason.Duplicate);
            }
            files.Release(path);
        }
        if (search is null)
            return dropped;
        var near = search.FindDropped(cancellationToken);
        Near = search.Counts;
        var distinct = 0;
        for (place = 0; place < dropped.Count; place++)
            dropped[place] = dropped[place] || near[distinct++];
        return dropped;
    }

    private async Task<string> FetchAsync(
        DocumentShardFiles files,
        PartManifest part,
        PartFile file,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await files.FetchAsync(file.Name, file.Sha256, part.Piece, cancellationToken);
        }
        catch (StoreException fault) when (fault is StoreCorruptionException or ObjectNotFoundException)
        {
            _damaged.Add($"made part {part.Piece} again, which was damaged: {fault.Message}");
        }
        await work.Parts.ForgetAsync(part.Piece, cancellationToken);
        await worker.WalkAsync(piece => piece == part.Piece, cancellationToken);
        var again = await work.Parts.FindAsync(part.Piece, part.SourceDigest, cancellationToken);
        // The same piece makes the same part. If not, its files were changed behind their times of change.
        if (again is null || again.Index != part.Index || again.Texts != part.Texts)
            throw new SourceChangedException(source.Uri);
        return await files.FetchAsync(file.Name, file.Sha256, part.Piece, cancellationToken);
    }
}
