using System.Net.Sockets;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Ring;

/// <summary>
/// One connected socket of the ring in non-blocking mode. It must not have been used with asynchronous calls before:
/// the runtime would go on watching it, and wake a thread of its own at every arrival.
/// </summary>
internal sealed class Link : IDisposable
{
    // Room for several chunks in flight; the kernel cuts it to its own limit (net.core.wmem_max).
    private const int SocketBufferBytes = 4 << 20;
    private const int KeepAliveIdleSeconds = 5;
    private const int KeepAliveIntervalSeconds = 2;
    private const int KeepAliveProbes = 3;

    private readonly Socket _socket;
    private readonly int _descriptor;

    public Link(Socket socket)
    {
        _socket = socket;
        socket.Blocking = false;
        socket.NoDelay = true;
        socket.SendBufferSize = SocketBufferBytes;
        socket.ReceiveBufferSize = SocketBufferBytes;

        // A host that vanishes without a word is noticed after 11 seconds by the rank that waits for its data.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveIdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
    }

    /// <summary>Sends what fits now; 0 when nothing does.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public unsafe int Send(byte* data, long bytes)
    {
        var sent = _socket.Send(
            new ReadOnlySpan<byte>(data, (int)Math.Min(bytes, int.MaxValue)),
            SocketFlags.None,
            out var error
        );
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
    }

    /// <summary>Receives what is there; 0 when nothing is, -1 when the peer has closed its side.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public unsafe int Receive(byte* data, long bytes)
    {
        var received = _socket.Receive(
            new Span<byte>(data, (int)Math.Min(bytes, int.MaxValue)),
            SocketFlags.None,
            out var error
        );
        return error switch
        {
            SocketError.Success => received == 0 && bytes > 0 ? -1 : received,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
    }

    /// <summary>What to ask <see cref="Poller"/> for; with no wanted event the link is skipped.</summary>
    public PollTarget Poll(PollEvents wanted) =>
        new() { Descriptor = wanted == PollEvents.None ? -1 : _descriptor, Wanted = wanted };

    /// <summary>
    /// Ends a direction; a thread that waits for this link wakes. A connection already broken is left alone.
    /// </summary>
    public void Shutdown(SocketShutdown direction)
    {
        try
        {
            _socket.Shutdown(direction);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The peer was faster: there is nothing left to end.
            return;
        }
    }

    public void Dispose() => _socket.Dispose();
}
