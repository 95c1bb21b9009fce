using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CodeParrot.Storage;
using ZstdSharp;

namespace CodeParrot.Corpus.Documents;

/// <summary>Reads the documents of a built corpus.</summary>
public static class CorpusDocuments
{
    /// <summary>Reads what a corpus says of itself.</summary>
    /// <exception cref="ObjectNotFoundException">The corpus is not there, or not complete.</exception>
    /// <exception cref="StoreCorruptionException">Its manifest is damaged.</exception>
    public static Task<CorpusManifest> ReadManifestAsync(
        IObjectStore store,
        string prefix,
        CancellationToken cancellationToken = default
    ) =>
        store.ReadJsonAsync<CorpusManifest>(
            $"{prefix}/{CorpusManifest.FileName}",
            CorpusJson.Manifest,
            cancellationToken
        );

    /// <summary>Reads the documents of a split in their order, as a stream.</summary>
    /// <exception cref="ObjectNotFoundException">The corpus or a shard of it is not there.</exception>
    /// <exception cref="StoreCorruptionException">
    /// A shard is damaged; it may come after some of the shard's documents were given.
    /// </exception>
    public static async IAsyncEnumerable<Document> ReadAsync(
        IObjectStore store,
        string prefix,
        CorpusSplit split,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var manifest = await ReadManifestAsync(store, prefix, cancellationToken);
        foreach (var shard in manifest.ShardsOf(split))
        {
            var lines = ReadLinesAsync(store, $"{prefix}/{shard.Name}", shard, cancellationToken);
            await foreach (var line in lines)
                yield return line;
        }
    }

    private static async IAsyncEnumerable<Document> ReadLinesAsync(
        IObjectStore store,
        string key,
        DocumentShardInfo shard,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var digest = SHA256.Create();
        await using var raw = await store.OpenReadAsync(key, cancellationToken: cancellationToken);
        await using var hashed = new CryptoStream(raw, digest, CryptoStreamMode.Read, leaveOpen: true);
        await using var plain = new DecompressionStream(hashed, leaveOpen: true);
        using var reader = new StreamReader(plain, Encoding.UTF8, false, bufferSize: 64 * 1024, leaveOpen: true);
        while (await ReadDocumentAsync(store, key, shard, reader, cancellationToken) is { } document)
            yield return document;
        // The decoder may stop before the last bytes of the object, and the digest is over all of them.
        await hashed.CopyToAsync(Stream.Null, cancellationToken);
        var found = Convert.ToHexStringLower(digest.Hash!);
        if (found != shard.Sha256)
            throw new StoreCorruptionException(store.Location, key, $"sha256 {shard.Sha256}", $"sha256 {found}");
    }

    private static async Task<Document?> ReadDocumentAsync(
        IObjectStore store,
        string key,
        DocumentShardInfo shard,
        StreamReader reader,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken) is { } line ? DocumentLine.Read(line) : null;
        }
        catch (Exception fault) when (fault is ZstdException or JsonException or EndOfStreamException)
        {
            throw new StoreCorruptionException(
                store.Location,
                key,
                $"sha256 {shard.Sha256}",
                $"bytes that cannot be decoded ({fault.Message})",
                fault
            );
        }
    }
}
