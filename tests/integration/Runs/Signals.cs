using System.Runtime.InteropServices;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>POSIX signals; .NET itself can only kill, and not every machine has the program of that name.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends a signal; a process that has ended in the meantime needs none.</summary>
    public static void Send(int processId, int signal) => _ = NativeKill(processId, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int NativeKill(int processId, int signal);
}
