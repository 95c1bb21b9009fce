namespace CodeParrot.Integration.Tests.Runs;

/// <summary>How a command ended, and what it printed.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    /// <summary>All of it, for a failing assertion.</summary>
    public override string ToString() => $"exit {ExitCode}\n--- output\n{Output}\n--- errors\n{Errors}";
}
