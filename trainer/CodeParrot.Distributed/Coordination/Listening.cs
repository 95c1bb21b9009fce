using System.Net;
using System.Net.Sockets;

namespace CodeParrot.Distributed.Coordination;

/// <summary>Opens the ports of a rank.</summary>
internal static class Listening
{
    /// <summary>
    /// Listens on <paramref name="port"/>, 0 for any free one. When the coordinator's name is the loopback, all ranks
    /// are on this machine, and nothing is opened to the outside.
    /// </summary>
    public static Socket Open(string masterAddress, int port, int backlog)
    {
        var address = BindAddress(masterAddress);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Where a listener of this machine is reached from this machine.</summary>
    public static IPEndPoint Local(Socket listener)
    {
        var bound = (IPEndPoint)listener.LocalEndPoint!;
        var isAny = bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any);
        return isAny ? new IPEndPoint(IPAddress.Loopback, bound.Port) : bound;
    }

    private static IPAddress BindAddress(string masterAddress)
    {
        if (IPAddress.TryParse(masterAddress, out var literal) && IPAddress.IsLoopback(literal))
        {
            return literal;
        }

        if (string.Equals(masterAddress, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.Loopback;
        }

        return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
    }
}
