using CodeParrot.Api.Names;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Operator.Core.Stages;

/// <summary>A stage whose pods all succeeded is latched with its outputs, and the next one begins.</summary>
public sealed class StagePolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        if (observed.Status.LivingAttempt() is null || !StageResult.IsDone(observed))
        {
            return null;
        }

        var stage = observed.Status.Stage;
        var status = StageResult.Latch(observed, CheckpointList.Harvest(observed));
        if (StageOrder.Next(status.Stages) is { } next)
        {
            status = status with
            {
                Stage = next,
                Phase = StageOrder.PhaseOf(next),
                Gang = status.Gang with
                {
                    Created = false,
                    Replacing = [],
                    ScheduledAt = null,
                    LastStep = null,
                    LastStepAt = null,
                },
                Workers = null,
            };
            return PlanBuilder.Do($"stage {stage} is done, {next} begins", new SetStatus(status));
        }

        status = status
            .WithEndedAttempt(observed, ConditionReasons.Completed)
            .WithTerminal(observed, success: true, ConditionReasons.Completed, "all stages are done");
        return PlanBuilder.Do($"stage {stage} is done, and with it the run", new SetStatus(status));
    }
}
