using System.Diagnostics;

namespace CodeParrot.Model.Tests;

/// <summary>These tests' own program, started again for what needs a process to itself.</summary>
internal static class ProbeProcess
{
    /// <summary>First argument of a process that measures its memory.</summary>
    public const string Memory = "memory";

    /// <summary>First argument of a process that switches MKL's fast path on.</summary>
    public const string Mkl = "mkl";

    /// <summary>How to start one whose output is read.</summary>
    public static ProcessStartInfo Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        // `dotnet` wants the assembly's path first.
        string[] host =
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
                ? [typeof(ProbeProcess).Assembly.Location]
                : [];
        foreach (var argument in (string[])[.. host, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
