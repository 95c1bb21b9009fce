using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Native;

/// <summary>
/// poll(2) over both sockets of the ring. Socket.Select would do the same, but allocates its lists at every call, and
/// Socket.Poll looks at one socket only.
/// </summary>
internal static unsafe partial class Poller
{
    private const int Interrupted = 4;

    /// <summary>Waits until a wanted event is there; returns how many targets have one, 0 after the timeout.</summary>
    /// <exception cref="IOException">The kernel refused the call.</exception>
    public static int Wait(Span<PollTarget> targets, int timeoutMilliseconds)
    {
        fixed (PollTarget* first = targets)
        {
            var ready = Poll(first, (nuint)targets.Length, timeoutMilliseconds);
            if (ready >= 0)
            {
                return ready;
            }

            var error = Marshal.GetLastPInvokeError();
            return error == Interrupted ? 0 : throw new IOException($"poll failed with errno {error}");
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollTarget* targets, nuint count, int timeoutMilliseconds);
}
