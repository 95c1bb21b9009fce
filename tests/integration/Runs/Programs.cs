using System.Diagnostics;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>The real executables, run as a user runs them.</summary>
internal static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static string Root { get; } = FindRoot();

    public static string CodeParrot { get; } = Built("CodeParrot.Cli", "codeparrot");

    public static string Trainer { get; } = Built("CodeParrot.Trainer", "trainer");

    public static string Operator { get; } = Built("CodeParrot.Operator", "codeparrot-operator");

    /// <summary>Starts a program whose streams the caller reads.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Root,
        };
        start.Environment["CODEPARROT_TRAINER"] = Trainer;
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end; one that takes longer than <paramref name="patience"/> is killed.</summary>
    public static async Task<ProgramResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string input = "",
        string? folder = null,
        TimeSpan? patience = null
    )
    {
        using var process = Start(program, arguments, folder);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var ended = await EndAsync(process, patience);
        var result = new ProgramResult(process.ExitCode, await output, await errors);
        return ended
            ? result
            : throw new TimeoutException($"{program} did not end in {patience ?? Patience}: {result}");
    }

    /// <summary>Waits for a program's end, and kills it when that takes too long.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public static async Task<bool> EndAsync(Process process, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return false;
        }
    }

    private static string Built(string project, string program)
    {
        // Tests and programs are built in one configuration, whose name is the folder we run from.
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(Root, "artifacts", "bin", project, configuration, program);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CodeParrot.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests must run below a checkout");
    }
}
