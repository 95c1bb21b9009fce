using System.Runtime.CompilerServices;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Documents;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>
/// Lets through the first document of each group of near duplicates. Which group a document is in shows only when
/// all have been seen, so documents and sketches wait in files of the work folder.
/// </summary>
internal sealed class NearDuplicateFilter(
    NearDuplicateOptions options,
    Banding banding,
    string workFolder,
    IProgress<CorpusProgress>? progress
)
{
    /// <summary>Gets what was found, once all documents came through.</summary>
    public NearDuplicateCounts? Counts { get; private set; }

    /// <summary>Takes documents with their sketches and gives those to keep, in the same order.</summary>
    public async IAsyncEnumerable<KeptDocument> FilterAsync(
        IAsyncEnumerable<KeptDocument> documents,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var folder = WorkFolders.Create(workFolder);
        try
        {
            using var spool = new DocumentSpool(Path.Combine(folder.FullName, "documents.zst"));
            var files = new SketchFiles(folder.FullName, banding.Bands);
            using var writer = new SketchWriter(files);
            await foreach (var document in documents.WithCancellation(cancellationToken))
            {
                spool.Add(document);
                writer.Add(document.Sketch);
            }
            writer.Complete();
            var dropped = FindDropped(files, writer.Count, cancellationToken);
            var index = 0;
            foreach (var document in spool.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!dropped[index++])
                    yield return document;
            }
        }
        finally
        {
            WorkFolders.Delete(folder);
        }
    }

    private System.Collections.BitArray FindDropped(SketchFiles files, int count, CancellationToken cancellationToken)
    {
        using var sketches = new SketchReader(files, count);
        var finder = new NearDuplicateFinder(sketches, options.Similarity);
        for (var band = 0; band < banding.Bands; band++)
        {
            progress?.Report(new CorpusProgress($"compare, band {band + 1} of {banding.Bands}", count, 0, count));
            finder.AddBand(band, cancellationToken);
        }
        Counts = finder.Count(banding);
        var dropped = new System.Collections.BitArray(count);
        for (var document = 0; document < count; document++)
            dropped[document] = !finder.IsFirst(document);
        return dropped;
    }
}
