using System.Runtime.InteropServices;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>Limits this process's own memory, as a container without enough of it would.</summary>
internal static partial class AddressSpace
{
    private const int RlimitAs = 9;

    /// <summary>Lets the process map so much more than it has now, and no more.</summary>
    public static void Limit(long headroomBytes)
    {
        var pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0]);
        var bytes = (ulong)((pages * Environment.SystemPageSize) + headroomBytes);
        ulong[] softAndHard = [bytes, bytes];
        Assert.Equal(0, SetLimit(RlimitAs, softAndHard));
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ulong[] limits);
}
