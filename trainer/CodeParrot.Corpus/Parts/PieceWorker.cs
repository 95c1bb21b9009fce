using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Pipeline;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Parts;

/// <summary>Makes parts of pieces: reads, filters and sketches their documents, and stores what is left.</summary>
/// <param name="options">Which documents make the corpus.</param>
/// <param name="source">Where they are.</param>
/// <param name="listing">What a walk over the source said.</param>
/// <param name="rules">What is done with the texts that pass the filters.</param>
/// <param name="parts">Where parts go.</param>
/// <param name="board">Where other workers are told.</param>
/// <param name="progress">Hears how far all are, as far as this one knows.</param>
internal sealed class PieceWorker(
    CorpusOptions options,
    ISourceTree source,
    SourceListing listing,
    ContentRules rules,
    PartStore parts,
    WorkerBoard board,
    IProgress<CorpusProgress>? progress
)
{
    private readonly SourcePieces _pieces = new(source, listing, options);
    private readonly CorpusTally _tally = new(source.Uri, options.MaxBadDocuments);
    private long _kept;

    /// <summary>Gets how many parts this worker made.</summary>
    public int Made { get; private set; }

    /// <summary>
    /// Walks over the source and makes the parts that are asked for and not there. Returns the digests of all pieces.
    /// </summary>
    /// <param name="isAskedFor">Whether a piece is this worker's.</param>
    /// <param name="cancellationToken">Stops the work; what was stored is kept.</param>
    /// <exception cref="CorpusException">The source changes, or is too damaged.</exception>
    public async Task<IReadOnlyList<string>> WalkAsync(Func<int, bool> isAskedFor, CancellationToken cancellationToken)
    {
        var digests = new List<string>();
        await foreach (var piece in _pieces.CutAsync(cancellationToken))
        {
            digests.Add(piece.Digest);
            if (!isAskedFor(piece.Index))
                continue;
            if (await parts.FindAsync(piece.Index, piece.Digest, cancellationToken) is not { } found)
            {
                await MakeAsync(piece, cancellationToken);
                continue;
            }
            _tally.Add(found.Counts);
            _kept += found.Documents;
            await TellAsync("read", cancellationToken);
        }
        return digests;
    }

    /// <summary>Says how far all are.</summary>
    /// <param name="phase">What goes on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task TellAsync(string phase, CancellationToken cancellationToken)
    {
        await board.TellAsync(_tally.Read, _tally.SourceBytes, _kept, cancellationToken);
        var others = board.Others;
        progress?.Report(
            new CorpusProgress(
                phase,
                _tally.Read + others.Documents,
                _tally.SourceBytes + others.Bytes,
                _kept + others.Kept
            )
        );
    }

    private async Task MakeAsync(SourcePiece piece, CancellationToken cancellationToken)
    {
        var folder = WorkFolders.Create(options.WorkFolder);
        try
        {
            var before = _kept;
            using var part = new PartWriter(folder, options.DeduplicateExact && listing.Format != CorpusFormat.Tokens);
            var results = OrderedParallel.RunAsync(
                new SourceBatches(source, listing, options, rules).ReadAsync(piece.Objects, cancellationToken),
                (batch, cancellation) => batch.LoadAsync(cancellation),
                options.Threads,
                cancellationToken
            );
            await foreach (var result in results)
            {
                _tally.Add(result);
                part.Add(result);
                _kept = before + part.Documents;
                await TellAsync("read", cancellationToken);
            }
            part.Dispose();
            await parts.PublishAsync(piece, part, cancellationToken);
            Made++;
        }
        finally
        {
            WorkFolders.Delete(folder);
        }
    }
}
