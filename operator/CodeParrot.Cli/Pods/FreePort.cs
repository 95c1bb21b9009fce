using System.Net;
using System.Net.Sockets;

namespace CodeParrot.Cli.Pods;

/// <summary>Finds ports of the loopback interface that nobody listens on.</summary>
internal static class FreePort
{
    // Below the range that the kernel hands out to outgoing connections, which would take a port found in it before the
    // pod gets there.
    private const int First = 20000;
    private const int End = 32768;

    private const int MaxTries = 1000;

    /// <summary>A port that was free a moment ago.</summary>
    /// <exception cref="UserMistakeException">Nothing in the range is free.</exception>
    public static int Take()
    {
        for (var tryIndex = 0; tryIndex < MaxTries; tryIndex++)
        {
            var port = Random.Shared.Next(First, End);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody else's; another draw will do.
            }
        }

        throw new UserMistakeException($"no port from {First} to {End - 1} of the loopback interface is free");
    }
}
