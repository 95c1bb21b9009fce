using CodeParrot.Corpus.Documents;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Parts;

/// <summary>
/// The parts of a corpus that is being built, below its prefix: <c>parts/00007.json</c>, and what it names.
/// </summary>
/// <param name="store">Where the corpus goes.</param>
/// <param name="corpus">The hash of its inputs.</param>
internal sealed class PartStore(IObjectStore store, string corpus)
{
    private readonly string _corpusPrefix = $"corpora/{corpus}";

    /// <summary>Gets the prefix of the parts, without a slash at its end.</summary>
    public string Prefix => $"{_corpusPrefix}/parts";

    /// <summary>Returns where a piece's manifest is.</summary>
    public string KeyOf(int piece) => $"{Prefix}/{piece:D5}.json";

    /// <summary>Returns whether the corpus is complete, so that nobody asks for parts any more.</summary>
    public async Task<bool> IsCorpusBuiltAsync(CancellationToken cancellationToken) =>
        await store.FindAsync($"{_corpusPrefix}/{CorpusManifest.FileName}", cancellationToken) is not null;

    /// <summary>
    /// Returns the part of a piece; null where there is none, or one that was made of something else or by another
    /// program.
    /// </summary>
    public async Task<PartManifest?> FindAsync(int piece, string sourceDigest, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await store.ReadJsonAsync<PartManifest>(
                KeyOf(piece),
                CorpusJson.Manifest,
                cancellationToken
            );
            var isOurs =
                manifest.IsOf(corpus, piece, sourceDigest)
                && await IsThereAsync(manifest.Index, cancellationToken)
                && await IsThereAsync(manifest.Texts, cancellationToken);
            return isOurs ? manifest : null;
        }
        catch (StoreException fault) when (fault is ObjectNotFoundException or StoreCorruptionException)
        {
            return null;
        }
    }

    /// <summary>Stores a part, its manifest last.</summary>
    public async Task<PartManifest> PublishAsync(
        SourcePiece piece,
        PartWriter part,
        CancellationToken cancellationToken
    )
    {
        var manifest = new PartManifest
        {
            Corpus = corpus,
            Piece = piece.Index,
            SourceDigest = piece.Digest,
            Documents = part.Documents,
            Counts = part.Counts,
            Index = await UploadAsync(piece.Index, "index", part.IndexPath, cancellationToken),
            Texts = await UploadAsync(piece.Index, "zst", part.TextsPath, cancellationToken),
        };
        var key = KeyOf(piece.Index);
        await store.WriteJsonAsync(key, manifest, CorpusJson.Manifest, cancellationToken: cancellationToken);
        return manifest;
    }

    /// <summary>Forgets a part, so that it is made again.</summary>
    public Task ForgetAsync(int piece, CancellationToken cancellationToken) =>
        store.DeleteAsync([KeyOf(piece)], cancellationToken);

    /// <summary>Lists what is there, with the version of each object.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>();
        await foreach (var one in store.ListAsync(Prefix + "/", cancellationToken))
            found[one.Key] = one.ETag;
        return found;
    }

    /// <summary>Deletes all of it.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var found = await ListAsync(cancellationToken);
        if (found.Count > 0)
            await store.DeleteAsync([.. found.Keys], cancellationToken);
    }

    /// <summary>Brings objects of parts to this machine.</summary>
    public DocumentShardFiles FilesIn(string folder) => new(store, Prefix, folder);

    private async Task<bool> IsThereAsync(PartFile file, CancellationToken cancellationToken) =>
        (await store.FindAsync($"{Prefix}/{file.Name}", cancellationToken))?.SizeBytes == file.SizeBytes;

    private async Task<PartFile> UploadAsync(int piece, string kind, string path, CancellationToken cancellationToken)
    {
        var digest = FileDigest.Compute(path, cancellationToken);
        // Two workers that make the same part write the same object, and neither takes the other's away.
        var file = new PartFile($"{piece:D5}-{digest[..16]}.{kind}", new FileInfo(path).Length, digest);
        await store.UploadFileAsync($"{Prefix}/{file.Name}", path, cancellationToken: cancellationToken);
        return file;
    }
}
