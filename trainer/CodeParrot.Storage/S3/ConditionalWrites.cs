using System.Security.Cryptography;

namespace CodeParrot.Storage.S3;

/// <summary>
/// Learns once whether a server enforces conditions, by writing a probe object: some ignore them and overwrite, some
/// refuse them, some accept none that holds. That conditions are also atomic, no probe can see.
/// </summary>
internal sealed class ConditionalWrites(S3Bucket bucket, S3Writer writer) : IDisposable
{
    private const string StaleETag = "00000000000000000000000000000000";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile bool _isKnown;
    private volatile bool _isSupported;

    /// <summary>Gets whether conditions are enforced; false until the probe has run.</summary>
    public bool IsSupported => _isSupported;

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (_isKnown)
            return;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_isKnown)
                return;
            _isSupported = await AskAsync(cancellationToken);
            _isKnown = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        var name = $"{StoreKey.ReservedSegment}/probe-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        try
        {
            var first = await TryPutAsync(name, WriteCondition.IfAbsent, cancellationToken);
            return first is not null
                && await TryPutAsync(name, WriteCondition.IfAbsent, cancellationToken) is null
                && await TryPutAsync(name, WriteCondition.IfMatch(StaleETag), cancellationToken) is null
                && await TryPutAsync(name, WriteCondition.IfMatch(first.ETag), cancellationToken) is not null
                && await TryPutAsync(name + "-absent", WriteCondition.IfMatch(StaleETag), cancellationToken) is null;
        }
        catch (StoreException refused) when (refused.GetType() == typeof(StoreException))
        {
            // The server does not know the header (501, 400).
            return false;
        }
        finally
        {
            await S3Deletion.RunAsync(bucket, [name, name + "-absent"], cancellationToken);
        }
    }

    private async Task<ObjectInfo?> TryPutAsync(
        string key,
        WriteCondition condition,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var content = new MemoryStream("probe"u8.ToArray(), writable: false);
            return await writer.PutIfAsync(key, new UploadBody(content), condition, cancellationToken);
        }
        catch (PreconditionFailedException)
        {
            return null;
        }
    }
}
