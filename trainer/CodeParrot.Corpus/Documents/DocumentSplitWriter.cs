using CodeParrot.Corpus.Pipeline;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Documents;

/// <summary>Writes kept documents to the shards of both splits and stores each as it fills.</summary>
internal sealed class DocumentSplitWriter(IObjectStore store, string prefix, CorpusOptions options) : IDisposable
{
    private readonly DirectoryInfo _folder = WorkFolders.Create(options.WorkFolder);
    private DocumentShardWriter? _trainShard;
    private DocumentShardWriter? _validationShard;

    public List<DocumentShardInfo> Train { get; } = [];

    public List<DocumentShardInfo> Validation { get; } = [];

    public async Task AddAsync(CorpusSplit split, KeptDocument document, CancellationToken cancellationToken)
    {
        if (split == CorpusSplit.Validation)
        {
            _validationShard ??= Open("validation.jsonl.zst");
            _validationShard.Append(document);
            return;
        }
        _trainShard ??= Open($"documents-{Train.Count:D5}.jsonl.zst");
        _trainShard.Append(document);
        if (_trainShard.ContentBytes >= options.ShardBytes)
        {
            Train.Add(await StoreAsync(_trainShard, cancellationToken));
            _trainShard = null;
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_trainShard is not null)
            Train.Add(await StoreAsync(_trainShard, cancellationToken));
        if (_validationShard is not null)
            Validation.Add(await StoreAsync(_validationShard, cancellationToken));
        _trainShard = _validationShard = null;
    }

    public void Dispose()
    {
        _trainShard?.Dispose();
        _validationShard?.Dispose();
        WorkFolders.Delete(_folder);
    }

    private DocumentShardWriter Open(string name) => new(Path.Combine(_folder.FullName, name), name);

    private async Task<DocumentShardInfo> StoreAsync(DocumentShardWriter shard, CancellationToken cancellationToken)
    {
        var info = shard.Finish(cancellationToken);
        await store.UploadFileAsync($"{prefix}/{info.Name}", shard.Path, cancellationToken: cancellationToken);
        File.Delete(shard.Path);
        return info;
    }
}
