using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Stall;

namespace CodeParrot.Operator.Core.Progress;

/// <summary>
/// Brings the newest progress into the status: at once when it tells of a new stage or checkpoint, otherwise no more
/// often than every ten seconds, and never twice the same.
/// </summary>
public sealed class ProgressPolicy : IPolicy
{
    /// <summary>Shortest time between two writes that bring nothing but numbers.</summary>
    public static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        if (observed.CurrentProgress() is not { } reading)
        {
            return null;
        }

        var old = observed.Status;
        var gang = StepClock.Read(observed);
        var isWhole = old.Phase != RunPhase.Restarting || gang.LastStepAt > gang.ScheduledAt;
        // Whoever takes a lost pod's place has no figures yet: those that stand are what the attempt has come to.
        var progress = isWhole || old.Progress is null ? Convert(reading, old.Progress, observed.Now) : old.Progress;
        var status = CheckpointList.Harvest(observed) with
        {
            Progress = progress,
            Gang = gang,
            Network = reading.Transport.Length > 0 ? new NetworkStatus { Transport = reading.Transport } : old.Network,
        };
        if (status.Gang.LastStepAt is not null && isWhole && status.Phase is RunPhase.Starting or RunPhase.Restarting)
        {
            status = Running(status with { Phase = RunPhase.Running }, observed);
        }

        var urgent =
            old.Progress is null
            || old.Progress.Stage != reading.Stage
            || old.Phase != status.Phase
            || !ReferenceEquals(old.Checkpoints, status.Checkpoints)
            || old.CheckpointRequest != status.CheckpointRequest;
        var due = (old.Progress?.UpdatedAt ?? DateTimeOffset.MinValue) + WriteInterval;
        if (!urgent && observed.Now < due)
        {
            return PlanBuilder.Wait("progress was written a moment ago", due - observed.Now);
        }

        // A gang in a long evaluation, or one that hangs, says the same again and again.
        var untouched = status with
        {
            Progress = progress with { UpdatedAt = old.Progress?.UpdatedAt ?? default },
        };
        if (!urgent && PlanBuilder.Same(old, untouched))
        {
            return PlanBuilder.Wait("no progress since it was written", WriteInterval);
        }

        return PlanBuilder.Do("write progress", new SetStatus(status)) with
        {
            Requeue = WriteInterval,
        };
    }

    private static RunStatus Running(RunStatus status, Observed observed) =>
        status.Condition(ConditionTypes.Stalled) is { Status: RunCondition.True }
            ? status.WithCondition(
                observed,
                ConditionTypes.Stalled,
                holds: false,
                ConditionReasons.StepMade,
                $"attempt {status.Attempt} makes steps"
            )
            : status;

    // What training came to stands until the end: the stages behind it have no steps of their own to show.
    private static ProgressStatus Convert(RunProgress reading, ProgressStatus? old, DateTimeOffset now)
    {
        var trained = reading.Stage is StageNames.Evaluate or StageNames.Publish ? old : null;
        return new ProgressStatus
        {
            Stage = reading.Stage,
            Step = trained?.Step ?? reading.Step,
            MaxSteps = trained?.MaxSteps ?? reading.MaxSteps,
            Tokens = trained?.Tokens ?? reading.Tokens,
            Loss = trained?.Loss ?? reading.Loss,
            EvalLoss = reading.EvalLoss ?? trained?.EvalLoss,
            Perplexity = reading.Perplexity ?? trained?.Perplexity,
            TokensPerSecond = reading.TokensPerSecond,
            Mfu = reading.Mfu,
            Eta = reading.EtaSeconds is >= 0 and < 1e9 ? TimeSpan.FromSeconds(reading.EtaSeconds.Value) : null,
            UpdatedAt = now,
        };
    }
}
