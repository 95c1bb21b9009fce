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
            using var search = new NearDuplicateSearch(options, banding, folder.FullName, progress);
            await foreach (var document in documents.WithCancellation(cancellationToken))
            {
                spool.Add(document);
                search.Add(document.Sketch);
            }
            var dropped = search.FindDropped(cancellationToken);
            Counts = search.Counts;
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
}
