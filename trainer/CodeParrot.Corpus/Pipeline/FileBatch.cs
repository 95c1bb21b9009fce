using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>Some whole files, each a document.</summary>
internal sealed class FileBatch(ISourceTree tree, IReadOnlyList<SourceObject> files, DocumentInspector inspector)
    : IReadBatch
{
    public async Task<BatchResult> LoadAsync(CancellationToken cancellationToken)
    {
        var result = new BatchResult();
        foreach (var file in files)
            await LoadAsync(file, result, cancellationToken);
        return result;
    }

    private async Task LoadAsync(SourceObject file, BatchResult result, CancellationToken cancellationToken)
    {
        result.Read++;
        result.SourceBytes += Math.Max(0, file.SizeBytes);
        if (file.Fault is not null)
        {
            result.Bad.Add(new BadInput(file.Key, 0, file.Fault));
            return;
        }
        if (inspector.JudgeSize(file.SizeBytes) is { } reason)
        {
            result.Drop(reason);
            return;
        }
        try
        {
            var bytes = await ReadAsync(file, cancellationToken);
            inspector.Inspect(file.Key, bytes, result);
        }
        catch (Exception fault) when (LocalFiles.IsFault(fault))
        {
            result.Bad.Add(new BadInput(file.Key, 0, $"cannot be read: {fault.Message}"));
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(SourceObject file, CancellationToken cancellationToken)
    {
        // An empty one is not opened: a pipe looks empty, and would wait for a writer.
        if (file.SizeBytes == 0)
            return default;
        await using var content = await tree.OpenAsync(file, cancellationToken);
        var bytes = new byte[file.SizeBytes];
        var read = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes.AsMemory(0, read);
    }
}
