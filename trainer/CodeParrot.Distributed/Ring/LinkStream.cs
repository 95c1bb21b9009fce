using System.Net.Sockets;

namespace CodeParrot.Distributed.Ring;

/// <summary>
/// A link as a stream, for the handshake before its first collective. It asks the socket again after short pauses
/// instead of awaiting it, which would leave the socket registered with the runtime's own poller (see
/// <see cref="Link"/>).
/// </summary>
internal sealed class LinkStream(Link link, TimeProvider time) : Stream
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(32);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            var received = Receive(buffer.Span);
            if (received != 0)
            {
                return Math.Max(received, 0);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            buffer = buffer[Send(buffer.Span)..];
            if (buffer.IsEmpty)
            {
                return;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() { }

    private static TimeSpan Longer(TimeSpan pause) => pause < LongestPause ? pause * 2 : pause;

    private unsafe int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            try
            {
                return link.Receive(start, buffer.Length);
            }
            catch (SocketException error)
            {
                throw new IOException(error.Message, error);
            }
        }
    }

    private unsafe int Send(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            try
            {
                return link.Send(start, buffer.Length);
            }
            catch (SocketException error)
            {
                throw new IOException(error.Message, error);
            }
        }
    }
}
