using CodeParrot.Corpus.Documents;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tokens;

/// <summary>
/// Writes the shards of a token corpus below a prefix, and its manifest last. The same documents in the same order
/// make the same bytes, so a half-written prefix is simply written again. Not safe for concurrent use.
/// </summary>
public sealed class TokenCorpusWriter : IDisposable
{
    private readonly IObjectStore _store;
    private readonly string _prefix;
    private readonly TokenCorpusOptions _options;
    private readonly DirectoryInfo _folder;
    private readonly List<TokenShardInfo> _train = [];
    private readonly List<TokenShardInfo> _validation = [];
    private TokenShardWriter? _trainShard;
    private TokenShardWriter? _validationShard;

    /// <summary>Creates the writer; nothing is written to the store yet.</summary>
    /// <param name="store">The target.</param>
    /// <param name="prefix">The folder in the target, without a slash at its end.</param>
    /// <param name="options">Vocabulary and sizes.</param>
    public TokenCorpusWriter(IObjectStore store, string prefix, TokenCorpusOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ShardTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.VocabularySize, 1);
        _store = store;
        _prefix = prefix;
        _options = options;
        _folder = WorkFolders.Create(options.WorkFolder);
    }

    /// <summary>Appends a document, which stays whole in one shard.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    /// <exception cref="StoreException">A full shard could not be stored.</exception>
    public async Task AddAsync(
        CorpusSplit split,
        ReadOnlyMemory<int> ids,
        CancellationToken cancellationToken = default
    )
    {
        if (split == CorpusSplit.Validation)
        {
            _validationShard ??= Open("validation.bin");
            _validationShard.Append(ids.Span);
            return;
        }
        _trainShard ??= Open($"train-{_train.Count:D5}.bin");
        _trainShard.Append(ids.Span);
        if (_trainShard.Tokens >= _options.ShardTokens)
        {
            _train.Add(await StoreAsync(_trainShard, cancellationToken));
            _trainShard = null;
        }
    }

    /// <summary>Stores the open shards and then the manifest.</summary>
    public async Task<TokenManifest> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_trainShard is not null)
            _train.Add(await StoreAsync(_trainShard, cancellationToken));
        if (_validationShard is not null)
            _validation.Add(await StoreAsync(_validationShard, cancellationToken));
        _trainShard = _validationShard = null;
        var manifest = new TokenManifest
        {
            Kind = _options.Kind,
            VocabularySize = _options.VocabularySize,
            TokenBytes = TokenShardHeader.TokenBytesFor(_options.VocabularySize),
            EndOfTextId = _options.EndOfTextId,
            SpecialTokens = _options.SpecialTokens,
            TokenizerDigest = _options.TokenizerDigest,
            CorpusHash = _options.CorpusHash,
            HeldOutOnly = _options.HeldOutOnly,
            CreatedBy = CorpusVersion.Product,
            Train = _train,
            Validation = _validation,
        };
        var key = $"{_prefix}/{TokenManifest.FileName}";
        await _store.WriteJsonAsync(key, manifest, CorpusJson.Manifest, cancellationToken: cancellationToken);
        return manifest;
    }

    /// <summary>Removes what lies in the work folder.</summary>
    public void Dispose()
    {
        _trainShard?.Dispose();
        _validationShard?.Dispose();
        WorkFolders.Delete(_folder);
    }

    private TokenShardWriter Open(string name) =>
        new(Path.Combine(_folder.FullName, name), name, _options.VocabularySize, _options.Kind);

    private async Task<TokenShardInfo> StoreAsync(TokenShardWriter shard, CancellationToken cancellationToken)
    {
        var info = shard.Finish();
        shard.Dispose();
        var key = $"{_prefix}/{info.Name}";
        await _store.UploadFileAsync(key, shard.Path, cancellationToken: cancellationToken);
        File.Delete(shard.Path);
        return info;
    }
}
