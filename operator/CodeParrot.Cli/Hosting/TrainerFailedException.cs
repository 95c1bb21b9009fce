namespace CodeParrot.Cli.Hosting;

/// <summary>A trainer command failed; it has said why on standard error.</summary>
/// <param name="exitCode">Its exit code, which becomes ours.</param>
internal sealed class TrainerFailedException(int exitCode) : Exception($"the trainer ended with exit code {exitCode}")
{
    /// <summary>Exit code of the trainer.</summary>
    public int ExitCode { get; } = exitCode;
}
