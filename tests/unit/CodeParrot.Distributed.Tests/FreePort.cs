using System.Net;
using System.Net.Sockets;

namespace CodeParrot.Distributed.Tests;

/// <summary>Ports for servers that tests and benchmarks start, in this process or in another.</summary>
internal static class FreePort
{
    // The kernel hands out those from 32,768 on to outgoing connections, of which the tests beside this one make many:
    // one of them could have the port before the server.
    private const int Lowest = 20_000;
    private const int Behind = 32_768;

    /// <summary>Draws a port on which nobody listens at any address.</summary>
    public static int Draw()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Behind);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's; another draw will do.
            }
        }
    }
}
