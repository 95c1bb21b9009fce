using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>Some rows of one table, whose documents are judged on any thread.</summary>
/// <param name="file">The object's key in the source.</param>
/// <param name="rows">The rows; what a row's text takes is decoded when the batch is loaded.</param>
/// <param name="sourceBytes">Bytes of the source that they take.</param>
/// <param name="inspector">Judges their documents.</param>
internal sealed class RowBatch(string file, IEnumerable<SourceRow> rows, long sourceBytes, DocumentInspector inspector)
    : IReadBatch
{
    public Task<BatchResult> LoadAsync(CancellationToken cancellationToken)
    {
        var result = new BatchResult { SourceBytes = sourceBytes };
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            result.Read++;
            if (row.Fault is not null)
                result.Bad.Add(new BadInput(file, 0, row.Fault) { Row = row.Number });
            else if (row.Document.Content is null)
                result.Drop(DropReason.InvalidUtf8);
            else
                inspector.Inspect(row.Document, result);
        }
        return Task.FromResult(result);
    }
}
