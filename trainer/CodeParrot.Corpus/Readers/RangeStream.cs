namespace CodeParrot.Corpus.Readers;

/// <summary>
/// An object of a source as a stream that can seek: each jump opens the object anew, from there to its end. For one
/// reader at a time.
/// </summary>
internal sealed class RangeStream(ISourceTree tree, SourceObject source, CancellationToken cancellationToken) : Stream
{
    // Over shorter gaps it is quicker to read on than to ask the store again.
    private const int MaxGapBytes = 256 * 1024;

    private Stream? _open;
    private long _openAt;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => source.SizeBytes;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        // The Parquet reader takes its footer by small synchronous reads; what is behind them is a store of tasks.
        var bytes = new byte[buffer.Length];
#pragma warning disable VSTHRD002 // No context is waited for: the work of all sources runs on the pool.
        var read = ReadAsync(bytes.AsMemory(), cancellationToken).AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        bytes.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    /// <exception cref="EndOfStreamException">The position is at the end: a damaged length led there.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return 0;
        // A reader that waits for bytes beyond the end would wait for ever.
        if (Position >= Length)
            throw new EndOfStreamException($"{Length} bytes are all there is");
        var stream = await MoveAsync(cancellationToken);
        var read = await stream.ReadAsync(buffer, cancellationToken);
        if (read == 0)
            throw new EndOfStreamException($"ends after {Position} bytes of {Length}");
        Position += read;
        _openAt += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => Length + offset,
        };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (_open is not null)
            await _open.DisposeAsync();
        _open = null;
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _open?.Dispose();
        _open = null;
        base.Dispose(disposing);
    }

    private async Task<Stream> MoveAsync(CancellationToken cancellationToken)
    {
        var gap = Position - _openAt;
        if (_open is not null && gap is > 0 and <= MaxGapBytes)
        {
            await _open.ReadExactlyAsync(new byte[gap], cancellationToken);
            _openAt = Position;
        }
        if (_open is null || _openAt != Position)
        {
            if (_open is not null)
                await _open.DisposeAsync();
            _open = await tree.OpenAtAsync(source, Position, cancellationToken);
            _openAt = Position;
        }
        return _open;
    }
}
