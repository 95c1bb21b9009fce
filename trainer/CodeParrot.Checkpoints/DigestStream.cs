using System.Security.Cryptography;

namespace CodeParrot.Checkpoints;

/// <summary>
/// A seekable stream that takes the SHA-256 of another while it is read. A store may read parts again or out of order;
/// bytes are digested once, in order, and what was never reached in order is read when the digest is asked for.
/// </summary>
internal sealed class DigestStream(Stream content) : Stream
{
    private const int BufferBytes = 256 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long _start = content.Position;
    private long _digestedTo = content.Position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position
    {
        get => content.Position;
        set => content.Position = value;
    }

    /// <summary>Returns the digest of everything from the first position to the end, hex in lower case.</summary>
    public string Finish()
    {
        content.Position = _digestedTo;
        var buffer = new byte[BufferBytes];
        while (Read(buffer) > 0)
        {
            // Reading digests.
        }
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <summary>The bytes from the first position to the end.</summary>
    public long SizeBytes => content.Length - _start;

    public override int Read(Span<byte> buffer)
    {
        var position = content.Position;
        var count = content.Read(buffer);
        var known = _digestedTo - position;
        if (known >= 0 && known < count)
        {
            _hash.AppendData(buffer[(int)known..count]);
            _digestedTo = position + count;
        }
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => content.Seek(offset, origin);

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            content.Dispose();
        }
        base.Dispose(disposing);
    }
}
