using System.Net;
using System.Net.Sockets;

namespace CodeParrot.Benchmarks.Distributed;

/// <summary>The baseline: bytes from one process to another over blocking sockets, with nothing done to them.</summary>
internal sealed class SocketPair : IDisposable
{
    private const int ChunkBytes = 256 * 1024;
    private const int SocketBufferBytes = 4 << 20;

    private readonly Socket _socket;
    private readonly byte[] _outgoing = new byte[ChunkBytes];
    private readonly byte[] _incoming = new byte[ChunkBytes];
    private readonly int _rank;

    /// <summary>Rank 0 listens on the port, rank 1 connects.</summary>
    public SocketPair(int rank, int port)
    {
        _rank = rank;
        _socket = rank == 0 ? Accept(port) : Connect(port);
        _socket.NoDelay = true;
        _socket.SendBufferSize = SocketBufferBytes;
        _socket.ReceiveBufferSize = SocketBufferBytes;
    }

    /// <summary>Bytes from rank 0 to rank 1, and one byte back.</summary>
    public void OneWay(int bytes)
    {
        if (_rank == 0)
        {
            Send(bytes);
            Receive(1);
        }
        else
        {
            Receive(bytes);
            Send(1);
        }
    }

    /// <summary>Bytes both ways at once, with a second thread for sending.</summary>
    public void Duplex(int bytes)
    {
        var sender = new Thread(() => Send(bytes));
        sender.Start();
        Receive(bytes);
        sender.Join();
    }

    public void Dispose() => _socket.Dispose();

    private static Socket Accept(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener.AcceptSocket();
    }

    private static Socket Connect(int port)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return socket;
            }
            catch (SocketException)
            {
                // The other process is not yet here.
                socket.Dispose();
                Thread.Sleep(20);
            }
        }
    }

    private void Send(int bytes)
    {
        for (var left = bytes; left > 0; )
        {
            left -= _socket.Send(_outgoing.AsSpan(0, Math.Min(left, ChunkBytes)));
        }
    }

    private void Receive(int bytes)
    {
        for (var left = bytes; left > 0; )
        {
            left -= _socket.Receive(_incoming.AsSpan(0, Math.Min(left, ChunkBytes)));
        }
    }
}
