using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>Cuts a source into batches, in its order.</summary>
/// <param name="tree">The source.</param>
/// <param name="listing">What a walk over it said.</param>
/// <param name="options">Which documents are kept.</param>
/// <param name="rules">What is done with the texts that pass the filters.</param>
internal sealed class SourceBatches(ISourceTree tree, SourceListing listing, CorpusOptions options, ContentRules rules)
{
    private const int FilesInBatch = 32;
    private const long BytesInBatch = 4 * 1024 * 1024;
    private const int ChunkBytes = 1024 * 1024;

    // A character takes at most six bytes as an escape.
    private const int MaxEscapeBytes = 6;

    private readonly IncludePattern _include = new(options.Include);

    /// <summary>Reads the source once more from its start.</summary>
    /// <exception cref="SourceChangedException">It is not what the listing said, found out at the end.</exception>
    public async IAsyncEnumerable<IReadBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var batch in ReadAsync(ChooseAsync(digest, cancellationToken), cancellationToken))
            yield return batch;
        if (Convert.ToHexStringLower(digest.GetHashAndReset()) != listing.Digest)
            throw new SourceChangedException(tree.Uri);
    }

    /// <summary>Reads some objects of the source, which a walk over it gave.</summary>
    public IAsyncEnumerable<IReadBatch> ReadAsync(
        IReadOnlyList<SourceObject> objects,
        CancellationToken cancellationToken
    ) => ReadAsync(objects.ToAsyncEnumerable(), cancellationToken);

    private IAsyncEnumerable<IReadBatch> ReadAsync(
        IAsyncEnumerable<SourceObject> chosen,
        CancellationToken cancellationToken
    )
    {
        var inspector = new DocumentInspector(options.Filters, options.AllowedLicenses, _include, rules);
        return listing.Format switch
        {
            CorpusFormat.Files or CorpusFormat.Text => ReadFilesAsync(chosen, inspector, cancellationToken),
            CorpusFormat.Csv or CorpusFormat.Parquet => ReadTablesAsync(chosen, inspector, cancellationToken),
            _ => ReadLinesAsync(chosen, inspector, cancellationToken),
        };
    }

    private async IAsyncEnumerable<SourceObject> ChooseAsync(
        IncrementalHash digest,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var found in tree.ListAsync(cancellationToken))
        {
            if (!SourceListing.IsChosen(found, listing.Format, _include))
                continue;
            SourceListing.Add(digest, found);
            yield return found;
        }
    }

    private async IAsyncEnumerable<IReadBatch> ReadFilesAsync(
        IAsyncEnumerable<SourceObject> files,
        DocumentInspector inspector,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var batch = new List<SourceObject>();
        var batchBytes = 0L;
        await foreach (var file in files.WithCancellation(cancellationToken))
        {
            batch.Add(file);
            batchBytes += file.SizeBytes;
            if (batch.Count < FilesInBatch && batchBytes < BytesInBatch)
                continue;
            yield return new FileBatch(tree, batch, inspector);
            batch = [];
            batchBytes = 0;
        }
        if (batch.Count > 0)
            yield return new FileBatch(tree, batch, inspector);
    }

    private async IAsyncEnumerable<IReadBatch> ReadTablesAsync(
        IAsyncEnumerable<SourceObject> objects,
        DocumentInspector inspector,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var csv = new CsvTable(tree, inspector, ChunkBytes);
        var parquet = new ParquetTable(tree, inspector, ChunkBytes);
        await foreach (var source in objects.WithCancellation(cancellationToken))
        {
            var batches =
                listing.Format == CorpusFormat.Csv
                    ? csv.ReadAsync(source, cancellationToken)
                    : parquet.ReadAsync(source, cancellationToken);
            await foreach (var batch in batches)
                yield return batch;
        }
    }

    private async IAsyncEnumerable<IReadBatch> ReadLinesAsync(
        IAsyncEnumerable<SourceObject> objects,
        DocumentInspector inspector,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ILineParser parser =
            listing.Format == CorpusFormat.Tokens ? new TokenLineParser() : new DocumentLineParser(inspector);
        var maxLineBytes = (int)
            Math.Min(Array.MaxLength, (MaxEscapeBytes * (long)options.Filters.MaxBytes) + ChunkBytes);
        var lines = new LineReader(tree, parser, ChunkBytes, maxLineBytes);
        await foreach (var source in objects.WithCancellation(cancellationToken))
        {
            await foreach (var batch in lines.ReadAsync(source, cancellationToken))
                yield return batch;
        }
    }
}
