using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CodeParrot.Storage;

/// <summary>What can be said of every store in terms of <see cref="IObjectStore"/>.</summary>
public static class ObjectStoreExtensions
{
    private const int MaxReads = 3;

    /// <summary>Returns a view of the store rooted below a prefix. Disposing the view leaves the store open.</summary>
    public static IObjectStore At(this IObjectStore store, string prefix)
    {
        StoreKey.Validate(prefix.TrimEnd('/'));
        return new PrefixedStore(store, prefix);
    }

    /// <summary>Reads a whole object.</summary>
    /// <exception cref="ObjectNotFoundException">The object does not exist.</exception>
    public static async Task<byte[]> ReadBytesAsync(
        this IObjectStore store,
        string key,
        CancellationToken cancellationToken = default
    )
    {
        for (var tryIndex = 1; ; tryIndex++)
        {
            try
            {
                await using var content = await store.OpenReadAsync(key, cancellationToken: cancellationToken);
                using var bytes = new MemoryStream();
                await content.CopyToAsync(bytes, cancellationToken);
                return bytes.ToArray();
            }
            catch (StoreCorruptionException) when (tryIndex < MaxReads)
            {
                // Damage on the way heals by reading again; damage in the store does not.
            }
        }
    }

    /// <summary>Writes a whole object.</summary>
    public static async Task<ObjectInfo> WriteBytesAsync(
        this IObjectStore store,
        string key,
        ReadOnlyMemory<byte> bytes,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    )
    {
        using var content = new MemoryStream(bytes.ToArray(), writable: false);
        return await store.WriteAsync(key, content, condition, cancellationToken);
    }

    /// <summary>Reads an object of JSON.</summary>
    /// <exception cref="ObjectNotFoundException">The object does not exist.</exception>
    /// <exception cref="StoreCorruptionException">It is not JSON of this type.</exception>
    public static Task<T> ReadJsonAsync<T>(
        this IObjectStore store,
        string key,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken = default
    ) => ReadJsonAsync(store, key, bytes => JsonSerializer.Deserialize(bytes, type), cancellationToken);

    /// <inheritdoc cref="ReadJsonAsync{T}(IObjectStore, string, JsonTypeInfo{T}, CancellationToken)"/>
    public static Task<T> ReadJsonAsync<T>(
        this IObjectStore store,
        string key,
        JsonSerializerOptions? options = null,
        CancellationToken cancellationToken = default
    ) => ReadJsonAsync(store, key, bytes => JsonSerializer.Deserialize<T>(bytes, options), cancellationToken);

    /// <summary>Writes an object as JSON.</summary>
    public static Task<ObjectInfo> WriteJsonAsync<T>(
        this IObjectStore store,
        string key,
        T value,
        JsonTypeInfo<T> type,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    ) => store.WriteBytesAsync(key, JsonSerializer.SerializeToUtf8Bytes(value, type), condition, cancellationToken);

    /// <inheritdoc cref="WriteJsonAsync{T}(IObjectStore, string, T, JsonTypeInfo{T}, WriteCondition,
    /// CancellationToken)"/>
    public static Task<ObjectInfo> WriteJsonAsync<T>(
        this IObjectStore store,
        string key,
        T value,
        JsonSerializerOptions? options = null,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    ) => store.WriteBytesAsync(key, JsonSerializer.SerializeToUtf8Bytes(value, options), condition, cancellationToken);

    /// <summary>Writes a file as an object.</summary>
    public static async Task<ObjectInfo> UploadFileAsync(
        this IObjectStore store,
        string key,
        string path,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    )
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
        await using (file)
            return await store.WriteAsync(key, file, condition, cancellationToken);
    }

    /// <summary>
    /// Reads an object into a file, over several ranges at once; the file appears whole or not at all, and its folder
    /// is created.
    /// </summary>
    /// <exception cref="ObjectNotFoundException">The object does not exist.</exception>
    /// <exception cref="PreconditionFailedException">
    /// The object was replaced again and again while it was read.
    /// </exception>
    public static Task<ObjectInfo> DownloadFileAsync(
        this IObjectStore store,
        string key,
        string path,
        CancellationToken cancellationToken = default
    ) => FileDownload.RunAsync(store, key, path, sha256: null, cancellationToken);

    /// <summary>
    /// Reads an object into a file as <see cref="DownloadFileAsync"/> does, and compares its digest: S3 servers and
    /// the SDK notice no damage in a range, so what matters is read by this. Damage is read again twice.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The object.</param>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="sha256">The SHA-256 in hexadecimal digits.</param>
    /// <param name="cancellationToken">Ends the download; the file stays as it was.</param>
    /// <exception cref="ObjectNotFoundException">The object does not exist.</exception>
    /// <exception cref="StoreCorruptionException">The digest differs; the file stays as it was.</exception>
    public static Task<ObjectInfo> DownloadVerifiedFileAsync(
        this IObjectStore store,
        string key,
        string path,
        string sha256,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(sha256);
        return FileDownload.RunAsync(store, key, path, sha256, cancellationToken);
    }

    private static async Task<T> ReadJsonAsync<T>(
        IObjectStore store,
        string key,
        Func<byte[], T?> parse,
        CancellationToken cancellationToken
    )
    {
        var bytes = await store.ReadBytesAsync(key, cancellationToken);
        try
        {
            return parse(bytes)
                ?? throw new StoreCorruptionException(store.Location, key, $"JSON of {typeof(T).Name}", "null");
        }
        catch (JsonException fault)
        {
            throw new StoreCorruptionException(
                store.Location,
                key,
                $"JSON of {typeof(T).Name}",
                $"{bytes.Length} bytes that are not: {fault.Message}",
                fault
            );
        }
    }
}
