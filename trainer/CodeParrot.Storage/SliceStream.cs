namespace CodeParrot.Storage;

/// <summary>
/// A seekable, read-only window on another seekable stream. Windows that share a gate read their common stream in
/// turn, so that parts of one file travel at once without a copy in memory.
/// </summary>
internal sealed class SliceStream(
    Stream inner,
    long start,
    long length,
    SemaphoreSlim gate,
    Action<long>? onRead = null
) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = Bounded(buffer.Length);
        if (wanted == 0)
            return 0;
        gate.Wait();
        try
        {
            inner.Position = start + _position;
            return Advance(inner.Read(buffer[..wanted]));
        }
        finally
        {
            gate.Release();
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = Bounded(buffer.Length);
        if (wanted == 0)
            return 0;
        await gate.WaitAsync(cancellationToken);
        try
        {
            inner.Position = start + _position;
            return Advance(await inner.ReadAsync(buffer[..wanted], cancellationToken));
        }
        finally
        {
            gate.Release();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Bounded(int wanted) => (int)Math.Clamp(length - _position, 0, wanted);

    private int Advance(int read)
    {
        _position += read;
        onRead?.Invoke(_position);
        return read;
    }
}
