using System.Runtime.InteropServices;

namespace CodeParrot.Trainer.Launch;

/// <summary>Sends POSIX signals; .NET itself can only kill.</summary>
internal static partial class ProcessSignals
{
    public static void Send(int processId, Signal signal)
    {
        // ESRCH: the process has ended in the meantime, which is what the signal was for.
        _ = Kill(processId, (int)signal);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
