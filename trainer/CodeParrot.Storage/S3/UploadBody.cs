namespace CodeParrot.Storage.S3;

/// <summary>
/// What is to be uploaded: a seekable stream from its position to its end, read in parts by several requests.
/// </summary>
#pragma warning disable CA1001 // The semaphore allocates no handle, and a request given up may still read for a moment.
internal sealed class UploadBody(Stream content)
#pragma warning restore CA1001
{
    private readonly long _start = content.Position;

    private readonly SemaphoreSlim _gate = new(1, 1);

    public long SizeBytes { get; } = content.Length - content.Position;

    /// <summary>
    /// Opens a part for one request, whose guard lets it stand still for the stall timeout within the body, and for the
    /// request timeout once the body is sent.
    /// </summary>
    public SliceStream Part(long offset, long length, RequestGuard guard, StoreOptions options) =>
        new(
            content,
            _start + offset,
            length,
            _gate,
            position => guard.Arm(position < length ? options.StallTimeout : options.RequestTimeout)
        );
}
