using Spectre.Console;

namespace CodeParrot.Cli.Reports;

/// <summary>Chooses how a run is shown.</summary>
internal static class Reporters
{
    /// <summary>True where a table may live on the terminal.</summary>
    public static bool IsTerminal => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>A live table on a terminal, plain lines elsewhere.</summary>
    public static IRunReporter ForConsole() =>
        IsTerminal ? new LiveReporter(AnsiConsole.Console) : new PlainReporter(Console.Out);
}
