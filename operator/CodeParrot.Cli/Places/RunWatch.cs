using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.Reports;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Places;

/// <summary>Shows one run that somebody else drives, until it is over or stands still.</summary>
/// <param name="place">Where it is.</param>
/// <param name="reporter">Shows it.</param>
/// <param name="time">Clock.</param>
internal sealed class RunWatch(IRunPlace place, IRunReporter reporter, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Shows it.</summary>
    /// <returns>0 for one that succeeded, that of its failure for one that failed, 75 for a suspended one.</returns>
    /// <exception cref="UserMistakeException">The run is not accepted, or removed.</exception>
    public async Task<int> UntilOverAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        var last = await reporter.WhileShownAsync(async () =>
        {
            while (true)
            {
                var observed = await place.ObserveAsync(run, cancellationToken);
                reporter.Show(observed);
                if (IsOver(observed.Run))
                {
                    return observed.Run;
                }

                await Task.Delay(Poll, time, cancellationToken);
            }
        });
        return Tell(last);
    }

    private static bool IsOver(TrainingRun run) =>
        run.Status.IsTerminal()
        || (run.Spec.Suspend && run.Status.Phase == RunPhase.Suspended)
        || Refusal(run) is not null;

    // What was said of an older spec is no answer to this one.
    private static string? Refusal(TrainingRun run) =>
        run.Status.Condition(ConditionTypes.Accepted) is { Status: RunCondition.False } refused
        && refused.ObservedGeneration == run.Metadata.Generation
            ? refused.Message
            : null;

    private int Tell(TrainingRun run)
    {
        var name = run.Metadata.Name;
        if (Refusal(run) is { } refusal)
        {
            throw new UserMistakeException(refusal);
        }

        if (run.Status.Phase == RunPhase.Suspended)
        {
            reporter.Say($"run {name} is suspended; {place.Command} resume {name} lets it go on");
            return (int)ExitCode.Stopped;
        }

        if (run.Status.Phase == RunPhase.Failed)
        {
            return RunEnd.TellFailure(run);
        }

        var newest = CheckpointList.Newest(run.Status);
        var folder = newest is null ? null : place.FolderOf(run, CheckpointList.Key(newest));
        RunSummary.Of(run, folder).ToList().ForEach(reporter.Say);
        return (int)ExitCode.Done;
    }
}
