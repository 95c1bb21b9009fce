using System.Diagnostics;

namespace CodeParrot.Cli.Hosting;

/// <summary>Runs the trainer's short commands as a child process: only trainers touch the store.</summary>
internal static class TrainerProcess
{
    /// <summary>Runs a command and returns what it printed; its complaints go to our own standard error.</summary>
    /// <exception cref="TrainerFailedException">It ended with another code than 0.</exception>
    public static async Task<string> AskAsync(
        string trainer,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        using var process = Start(trainer, arguments, environment, capture: true);
        var answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? answer : throw new TrainerFailedException(process.ExitCode);
    }

    /// <summary>Runs a command on our own standard streams and returns its exit code.</summary>
    public static async Task<int> PassAsync(
        string trainer,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        using var process = Start(trainer, arguments, environment, capture: false);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    private static Process Start(
        string trainer,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        bool capture
    )
    {
        var start = new ProcessStartInfo(trainer) { UseShellExecute = false, RedirectStandardOutput = capture };
        foreach (var word in arguments)
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{trainer} did not start");
    }
}
