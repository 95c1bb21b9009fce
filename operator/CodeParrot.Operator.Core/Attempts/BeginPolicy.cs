using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.Accept;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;
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

        if (!observed.IsAccepted())
        {
            return PlanBuilder.Wait("the spec has mistakes: nothing is begun with it");
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

        var text = Recipe.SnapshotOf(observed);
        var hash = RunSnapshot.Hash(text);
        return PlanBuilder.Do(
            $"begin attempt {status.Attempt + 1} in stage {stage}",
            new EnsureSnapshot(hash, text),
            new EnsureNetwork(),
            new SetStatus(Begin(observed, stage, hash))
        );
    }

    private static RunStatus Begin(Observed observed, string stage, string hash)
    {
        // What the attempt before said at its end is heard now or never.
        var status = CheckpointList.Harvest(observed);
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
                Recipe = Recipe.DigestOf(observed),
                PendingChange = "",
                Identity = status.Identity.Length > 0 ? status.Identity : IdentityFields.Digest(spec),
                NextAttemptAt = null,
                StartedAt = Started(observed),
                SuspendedAt = null,
                Gang = Gang(observed, number),
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

    // Time under suspend is not the run's: its clock goes on from where it stood.
    private static DateTimeOffset Started(Observed observed) =>
        observed.Status switch
        {
            { StartedAt: { } started, SuspendedAt: { } suspended } => started + (observed.Now - suspended),
            { StartedAt: { } started } => started,
            _ => observed.Now,
        };

    private static GangStatus Gang(Observed observed, int attempt)
    {
        var workers = observed.Run.Spec.Workers;
        var uid = observed.Run.Metadata.Uid;
        var name = $"{observed.Run.Metadata.Name}-{uid[..Math.Min(8, uid.Length)]}-a{attempt}-{observed.Nonce}";
        return new GangStatus
        {
            Pods = workers.Count / workers.GpusPerPod,
            MinPods = workers.MinCount / workers.GpusPerPod,
            RanksPerPod = workers.GpusPerPod,
            CorpusPods = observed.Run.Spec.Corpus.Workers,
            Threads = workers.Threads,
            Scheduler = observed.Run.Spec.Scheduling.Gang,
            Recovery = observed.Run.Spec.FailurePolicy.Recovery,
            RendezvousKey = name,
        };
    }
}
