using System.Runtime.InteropServices;

namespace CodeParrot.Cli.Pods;

/// <summary>Sends signals; .NET itself can only kill.</summary>
internal static partial class ProcessSignals
{
    /// <summary>Asks a process to stop.</summary>
    public static void Terminate(int processId) => Send(processId, 15);

    /// <summary>Ends a process at once.</summary>
    public static void Kill(int processId) => Send(processId, 9);

    private static void Send(int processId, int signal)
    {
        // ESRCH means that it has ended in the meantime, which is what the signal was for.
        _ = NativeKill(processId, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int NativeKill(int processId, int signal);
}
