using System.Runtime.CompilerServices;
using Amazon.S3.Model;

namespace CodeParrot.Storage.S3;

/// <summary>A store in a bucket, on any server that speaks S3 (docs/decisions/0002 says which were measured).</summary>
internal sealed class S3Store : IObjectStore
{
    private const int MaxKeysPerDelete = 1000;

    private readonly S3Bucket _bucket;
    private readonly S3Writer _writer;

    public S3Store(StoreLocation location, StoreOptions options, TimeProvider time)
    {
        _bucket = new S3Bucket(location, options, time);
        _writer = new S3Writer(_bucket);
    }

    public StoreLocation Location => _bucket.Location;

    public bool HasConditionalWrites => _writer.Conditions.IsSupported;

    /// <summary>
    /// Learns whether the server enforces conditions; fails where it cannot be reached or written to.
    /// </summary>
    public Task ProbeAsync(CancellationToken cancellationToken) => _writer.Conditions.ProbeAsync(cancellationToken);

    public async Task<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        StoreKey.Validate(key);
        return (await S3Head.FindAsync(_bucket, key, cancellationToken))?.Info;
    }

    public async Task<Stream> OpenReadAsync(
        string key,
        long offset = 0,
        long? length = null,
        CancellationToken cancellationToken = default
    )
    {
        StoreKey.Validate(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        // HTTP has no range of zero bytes, but the object must exist all the same.
        if (length == 0)
            return await FindAsync(key, cancellationToken) is null
                ? throw new ObjectNotFoundException(Location, key)
                : Stream.Null;
        return await S3ReadStream.OpenAsync(_bucket, key, offset, length, cancellationToken);
    }

    public Task<ObjectInfo> WriteAsync(
        string key,
        Stream content,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    )
    {
        StoreKey.Validate(key);
        ArgumentNullException.ThrowIfNull(content);
        return _writer.WriteAsync(key, content, condition, cancellationToken);
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        StoreKey.ValidatePrefix(prefix);
        string? next = null;
        do
        {
            var continuation = next;
            var page = await _bucket.CallAsync(
                prefix,
                guard => ListPageAsync(prefix, continuation, guard.Token),
                0,
                cancellationToken
            );
            foreach (var entry in page.S3Objects ?? [])
            {
                var key = entry.Key[_bucket.Prefix.Length..];
                // Consoles make empty objects that end in a slash to show folders.
                if (key.Length == 0 || key.EndsWith('/') || StoreKey.IsReserved(key))
                    continue;
                yield return S3Head.InfoOf(key, entry.Size ?? 0, entry.ETag, entry.LastModified);
            }
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        } while (next is not null);
    }

    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
            StoreKey.Validate(key);
        foreach (var batch in keys.Distinct(StringComparer.Ordinal).Chunk(MaxKeysPerDelete))
            await S3Deletion.RunAsync(_bucket, batch, cancellationToken);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _bucket.Dispose();
    }

    private async Task<ListObjectsV2Response> ListPageAsync(
        string prefix,
        string? continuation,
        CancellationToken cancellationToken
    )
    {
        var request = new ListObjectsV2Request
        {
            BucketName = _bucket.Name,
            Prefix = _bucket.WireKey(prefix),
            ContinuationToken = continuation,
        };
        var page = await _bucket.Client.ListObjectsV2Async(request, cancellationToken);
        // A proxy's page in HTML reads as an empty list, and retention would take all objects for gone.
        if (page.Name != _bucket.Name || page.IsTruncated is null)
            throw new GarbledAnswerException("the answer to LIST names no bucket: not a store's");
        if (page.IsTruncated == true && string.IsNullOrEmpty(page.NextContinuationToken))
            throw new GarbledAnswerException("the answer to LIST goes on, but does not say where");
        return page;
    }
}
