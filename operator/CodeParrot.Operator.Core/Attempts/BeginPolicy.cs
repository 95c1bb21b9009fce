using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Stages;

namespace CodeParrot.Operator.Core.Attempts;

/// <summary>
/// Begins the next attempt when none lives. The intent is written before the effect: after a crash here the next pass
/// makes the attempt's pods by their names.
/// </summary>
public sealed class BeginPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var status = observed.Status;
        if (status.LivingAttempt() is not null)
        {
            return null;
        }

        if (StageOrder.Next(status.Stages) is not { } stage)
        {
            var done = status.WithTerminal(observed, success: true, ConditionReasons.Completed, "all stages are done");
            return PlanBuilder.Do("all stages are done", new SetStatus(done));
        }

        if (status.NextAttemptAt is { } at && at > observed.Now)
        {
            return PlanBuilder.Wait("back off before the next attempt", at - observed.Now);
        }

        var text = RunSnapshot.Write(WithoutControls(observed.Run.ToManifest()));
        var hash = RunSnapshot.Hash(text);
        return PlanBuilder.Do(
            $"begin attempt {status.Attempt + 1} in stage {stage}",
            new EnsureSnapshot(hash, text),
            new SetStatus(Begin(observed, stage, hash))
        );
    }

    private static RunStatus Begin(Observed observed, string stage, string hash)
    {
        var status = observed.Status;
        var spec = observed.Run.Spec;
        var number = status.Attempt + 1;
        var branch = status.Branch.Length > 0 ? status.Branch : StorePaths.BranchName(number);
        return (
            status with
            {
                Phase = StageOrder.PhaseOf(stage),
                Stage = stage,
                Branch = branch,
                SpecHash = hash,
                Identity = status.Identity.Length > 0 ? status.Identity : RunSnapshot.IdentityDigest(spec),
                NextAttemptAt = null,
                Gang = new GangStatus
                {
                    Pods = spec.Workers.Count / spec.Workers.GpusPerPod,
                    RanksPerPod = spec.Workers.GpusPerPod,
                    Threads = spec.Workers.Threads,
                },
                Workers = null,
            }
        ).WithBegunAttempt(
            new AttemptStatus
            {
                Number = number,
                Stage = stage,
                Branch = branch,
                StartedAt = observed.Now,
            }
        );
    }

    // Controls are read live, and a snapshot with them would change its hash at every stop.
    private static RunManifest WithoutControls(RunManifest manifest) =>
        manifest with
        {
            Spec = manifest.Spec with { Suspend = false, Rollback = null },
        };
}
