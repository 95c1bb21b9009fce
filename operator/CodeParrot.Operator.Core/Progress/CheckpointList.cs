using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.CheckpointRequests;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Progress;

/// <summary>The list of complete checkpoints in the status.</summary>
public static class CheckpointList
{
    /// <summary>Newest checkpoints that the status names; the best is kept besides.</summary>
    public const int MaxNewest = 50;

    /// <summary>How a checkpoint is named across branches: <c>branch/name</c>.</summary>
    public static string Key(CheckpointSummary checkpoint) => $"{checkpoint.Branch}/{checkpoint.Name}";

    /// <summary>The checkpoint committed last, or null.</summary>
    public static CheckpointSummary? Newest(RunStatus status) =>
        status.Checkpoints.Count > 0 ? status.Checkpoints[0] : null;

    /// <summary>
    /// The checkpoint before the one that an attempt of the current branch would go on from; null for none. What other
    /// branches have was left behind by a rollback, and is not gone back to.
    /// </summary>
    public static CheckpointSummary? BeforeNewest(RunStatus status)
    {
        var own = status.Checkpoints.Where(c => c.Branch == status.Branch).ToList();
        var start = status.Checkpoints.FirstOrDefault(c => Key(c) == status.StartFrom?.Checkpoint);
        return own.Count > 1 ? own[1]
            : own.Count == 1 ? start
            : status.Checkpoints.FirstOrDefault(c => c.Branch == start?.Branch && c.Step < start.Step);
    }

    /// <summary>The newest checkpoint of a step, that of the current branch first; null for none.</summary>
    public static CheckpointSummary? AtStep(RunStatus status, long step) =>
        status
            .Checkpoints.Where(c => c.Step == step)
            .OrderByDescending(c => c.Branch == status.Branch)
            .FirstOrDefault();

    /// <summary>
    /// Adds checkpoints: newest first, no name twice, and no more than the status may hold. Which is newer is said by
    /// attempt and step, which only grow: nodes' clocks differ, and a checkpoint of an attempt that is over would
    /// otherwise stay the newest for as long as its node's clock is ahead.
    /// </summary>
    public static IReadOnlyList<CheckpointSummary> Merge(
        IEnumerable<CheckpointSummary> known,
        IEnumerable<CheckpointSummary> found
    )
    {
        var all = known
            .Concat(found)
            .GroupBy(Key)
            .Select(g => g.Last())
            .OrderByDescending(c => StorePaths.AttemptOf(c.Name))
            .ThenByDescending(c => c.Step)
            .ThenByDescending(c => c.CreatedAt)
            .ThenBy(Key, StringComparer.Ordinal)
            .ToList();
        var best = all.Where(c => c.EvalLoss is not null).MinBy(c => c.EvalLoss);
        var kept = all.Take(MaxNewest).ToList();
        return best is null || kept.Contains(best) ? kept : [.. kept, best];
    }

    /// <summary>
    /// The status with every checkpoint, and the answer to a request for one, that pods and progress tell of.
    /// </summary>
    internal static RunStatus Harvest(Observed observed)
    {
        var found = observed.Messages().SelectMany(m => m.Checkpoints).ToList();
        if (observed.CurrentProgress()?.Checkpoint is { } newest)
        {
            found.Add(newest);
        }

        var status = OpenRequest.Latch(observed, observed.Status);
        var fresh = found.Exists(c => status.Checkpoints.All(k => Key(k) != Key(c)));
        if (!fresh)
        {
            return status;
        }

        // One that is older than all that are kept is no news: a write for it would come again and again.
        var merged = Merge(status.Checkpoints, found);
        if (merged.Select(Key).SequenceEqual(status.Checkpoints.Select(Key)))
        {
            return status;
        }

        status = Advance(status with { Checkpoints = merged });
        return status.WithCondition(
            observed,
            ConditionTypes.CheckpointAvailable,
            holds: true,
            ConditionReasons.Committed,
            $"{Key(status.Checkpoints[0])} is complete"
        );
    }

    // Progress is read every few seconds, and a gang that ends says more in its last checkpoint than in its last
    // reading.
    private static RunStatus Advance(RunStatus status)
    {
        var newest = status.Checkpoints.FirstOrDefault(c => c.Branch == status.Branch);
        return status.Progress is { Stage: StageNames.Train } progress && newest?.Step > progress.Step
            ? status with
            {
                Progress = progress with
                {
                    Step = newest.Step,
                    Loss = newest.Loss,
                    EvalLoss = newest.EvalLoss ?? progress.EvalLoss,
                    Perplexity = newest.EvalLoss is { } loss ? Math.Exp(loss) : progress.Perplexity,
                    Eta = null,
                },
            }
            : status;
    }
}
