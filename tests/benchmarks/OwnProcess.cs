using System.Diagnostics;

namespace CodeParrot.Benchmarks;

/// <summary>This program once more, for what needs a process of its own.</summary>
internal static class OwnProcess
{
    /// <summary>How to start it with other words; its output comes back to the caller.</summary>
    /// <param name="words">The benchmark's name and its arguments.</param>
    public static ProcessStartInfo StartInfo(params ReadOnlySpan<string> words)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        // `dotnet` wants the assembly's path first.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        return start;
    }
}
