using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Reports;

/// <summary>What is said of a run that failed.</summary>
internal static class RunEnd
{
    /// <summary>Says why it failed, on standard error.</summary>
    /// <returns>The exit code of the command that followed it: that of the failure, where there is one.</returns>
    public static int TellFailure(TrainingRun run)
    {
        var failure = run.Status.LastFailure;
        var reason = run.Status.Condition(ConditionTypes.Failed)?.Reason;
        Console.Error.WriteLine($"error: run {run.Metadata.Name} failed ({reason}): {failure?.Message}");
        return failure?.ExitCode is { } code and not 0 ? code : (int)ExitCode.Unexpected;
    }
}
