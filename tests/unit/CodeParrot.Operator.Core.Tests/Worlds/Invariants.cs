using System.Text.Json;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Disruption;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>What must hold after every action of every history (DESIGN §9, I1 to I3, I8, I9, and more).</summary>
internal sealed class Invariants
{
    private const int MaxActions = 10;
    private const int MaxEvents = 2;
    private const int MaxTries = 3;
    private const int MaxExcludedNodes = 32;

    private readonly HashSet<string> _created = [];
    private int _failures;
    private bool _goesBack;

    public void PodEnded(int exitCode, bool isFree) => _failures += exitCode is 0 or 75 || isFree ? 0 : 1;

    public void PodVanished(PodObservation pod) => _created.Remove(KeyOf(pod.Name, pod.Generation));

    public static void CheckPlan(Observed observed, Plan plan, Plan again)
    {
        Require(
            ReferenceEquals(plan, again) || plan.ToString() == again.ToString(),
            "the same observation gave two plans"
        );
        var effects = plan.Actions.TakeWhile(a => a is not RecordEvent).ToList();
        var events = plan.Actions.Skip(effects.Count).ToList();
        Require(effects.Count <= MaxActions, $"a pass of {effects.Count} actions");
        Require(events.TrueForAll(a => a is RecordEvent), "an event stands before an effect");
        Require(events.Count <= MaxEvents, $"a pass of {events.Count} events");
        var kinds = effects.Select(a => a.GetType()).ToList();
        Require(kinds.Count(k => k == typeof(SetStatus)) <= 1, "two status writes in a pass");
        Require(
            !(kinds.Contains(typeof(SetStatus)) && kinds.Contains(typeof(SetFinalizer))),
            "a finalizer is set at a version that the same pass changes"
        );
        Require(
            effects.OfType<CreatePod>().All(c => c.Pod.Attempt == observed.Status.Attempt),
            "a pod of an attempt that is not written yet"
        );
        Require(!(plan.Finished && plan.Actions.Count > 0), "finished, and yet something to do");
        Require(plan.Requeue is null || plan.Requeue > TimeSpan.Zero, "looks again at once");
    }

    public void Check(World world)
    {
        var living = world.Living.Where(p => !TaskNames.IsTask(p.Stage)).ToList();
        Require(living.Select(p => p.Attempt).Distinct().Count() <= 1, "two attempts have living pods");
        Require(living.Select(p => p.Stage).Distinct().Count() <= 1, "two stages have living pods");
        Require(living.GroupBy(p => p.PodIndex).All(g => g.Count() == 1), "two living pods of one rank");
        // One that was told to go may overlap its successor where a watch is late: both do the same, and twice is no
        // harm.
        Require(
            world
                .Living.Where(p => TaskNames.IsTask(p.Stage) && !p.Deleting)
                .GroupBy(p => p.Stage)
                .All(g => g.Count() == 1),
            "two living pods of one task"
        );
        var status = world.Status;
        Require(
            status.IsTerminal()
                || status.Condition(ConditionTypes.Accepted) is { Status: RunCondition.False }
                || status.Budget.Counted <= world.Run.Spec.FailurePolicy.MaxRestarts,
            "restarted more often than allowed"
        );
        Require(status.Budget.Counted <= _failures, "more failures counted than happened");
        Require(status.ExcludedNodes.Count <= MaxExcludedNodes, "too many nodes are excluded");
        Require(status.IsTerminal() == status.FinishedAt is not null, "the end's time and the phase disagree");
        Require(
            status.LivingAttempt() is not null || status is { Workers: null, Progress: null or { Eta: null } },
            "columns tell of ranks that nobody wants any more"
        );
    }

    public void CheckWrite(World world, RunStatus next)
    {
        var old = world.Status;
        Require(next.Attempt == old.Attempt || next.Attempt == old.Attempt + 1, "the attempt jumped");
        var asked = world.Run.Spec.Rollback is { } r && r != old.Rollback?.Value;
        Require(!old.IsTerminal() || next.Phase == old.Phase || asked, "left a terminal phase without a rollback");
        var rolled = next.Condition(ConditionTypes.RolledBack);
        var isTakenBack =
            rolled?.Reason == ConditionReasons.CheckpointMissing && rolled != old.Condition(ConditionTypes.RolledBack);
        Require(
            next.Branch == old.Branch || old.Branch.Length == 0 || asked || isTakenBack,
            "changed the branch without a rollback"
        );
        var restarted = next.LastFailure != old.LastFailure && next.Phase == RunPhase.Restarting;
        Require(next.Restarts == old.Restarts + (restarted ? 1 : 0), "restarts are not counted one by one");
        Require((next.Promotion?.Tries ?? 0) <= MaxTries, "promotes again and again");
        Require((next.Cleanup?.Tries ?? 0) <= MaxTries, "cleans up again and again");
        // That a gang makes no steps is a failure that no pod tells of.
        _failures += next.LastFailure != old.LastFailure && next.LastFailure is { ExitCode: null } ? 1 : 0;
        if (next.Rollback is { Attempt: > 0 } rollback && rollback != old.Rollback)
        {
            Require(rollback.Value != old.Rollback?.Value, "acted twice on one rollback");
            _goesBack = true;
        }

        if (next.CheckpointRequest is { } answered && answered != old.CheckpointRequest)
        {
            Require(
                answered.Nonce != old.CheckpointRequest?.Nonce && answered.Nonce.Length > 0,
                "answered one request for a checkpoint twice"
            );
        }

        var released = old with { Gang = old.Gang with { Held = next.Gang.Held } };
        if (asked && next.Rollback == old.Rollback && !Same(released, next))
        {
            // Nothing else may be decided before the rollback is, except that a gang that is over is let go, that a bad
            // spec is refused, and the run followed meanwhile.
            var judged = next.Condition(ConditionTypes.Accepted);
            Require(
                judged != old.Condition(ConditionTypes.Accepted)
                    || judged?.Status == RunCondition.False
                    || world.Run.Metadata.DeletionTimestamp is not null,
                "passed over a rollback"
            );
        }

        if (next.Attempt > old.Attempt)
        {
            CheckBegin(world, old);
            _goesBack = false;
        }
    }

    private void CheckBegin(World world, RunStatus old)
    {
        Require(world.Run.Metadata.DeletionTimestamp is null, "began an attempt of a run that is being deleted");
        Require(ManifestValidator.Validate(world.Run.ToManifest()).Count == 0, "began with a spec that has mistakes");
        Require(
            world.Run.Spec.RetainArtifacts != world.Run.Metadata.Finalizers.Contains(FinalizerNames.Artifacts),
            "began without the finalizer that holds what it will make"
        );
        var limit = world.Run.Spec.FailurePolicy.TotalDeadline;
        Require(
            old.SuspendedAt is not null || !(old.StartedAt + limit <= world.Now),
            "began although the run's time is over"
        );
        Require(world.Around.Gangs.Count == 0, "began while the last gang is held");
        Require(!world.Around.BlocksEvictions, "began while evictions are held back");
        // A person's rollback does not wait, nor a store that a person let the run have; every other attempt does.
        if (
            old.Attempts.Count > 0
            && old.Attempts[^1] is { ExitCode: not null, Reason: not ConditionReasons.StoreInUse } failed
            && !_goesBack
        )
        {
            var wait = world.Run.Spec.FailurePolicy.Backoff.Initial;
            Require(world.Now >= failed.EndedAt + wait, "restarted at once");
        }
    }

    public void CheckCreate(World world, PodSpec pod)
    {
        Require(_created.Add(KeyOf(pod.Name, pod.Generation)), $"made {pod.Name} twice");
        Require(
            pod.SpecHash.Length == 0 || world.Around.Snapshots.Contains(pod.SpecHash),
            "a pod without its snapshot"
        );
        var deleted = world.Run.Metadata.DeletionTimestamp is not null;
        Require(deleted == (pod.Stage == TaskNames.Cleanup), $"made {pod.Name}, deleted: {deleted}");
        if (TaskNames.IsTask(pod.Stage))
        {
            return;
        }

        Require(!world.Run.Spec.Suspend, "made a pod of a suspended run");
        Require(!world.Status.IsTerminal(), "made a pod of a run that is over");
        Require(world.Around.HasNetwork, "made a pod that cannot be reached");
        if (pod.Stage == StageNames.Train)
        {
            Require(world.Around.Keys.Contains(pod.RendezvousKey), "a rank without a key");
            Require(
                world.Run.Spec.Scheduling.Gang == default || world.Around.Gangs.Contains(pod.Attempt),
                "a rank whose gang nobody knows"
            );
        }
    }

    public static void CheckStop(World world, PodObservation pod)
    {
        var current =
            world.Status.LivingAttempt() is not null
            && pod.Attempt == world.Status.Attempt
            && pod.Stage == world.Status.Stage;
        Require(
            !current
                || world.Observe().IsSuperseded(pod)
                || world.Run.Spec.Suspend
                || world.Run.Metadata.DeletionTimestamp is not null,
            "stopped a pod of the living attempt's stage"
        );
    }

    public void CheckForce(World world, PodObservation pod)
    {
        Require(world.LostNodes.Contains(pod.Node), "forgot a pod whose node answers");
        Require(pod.Deleting, "forgot a pod that was not asked to go");
        // Its process may live on; the store's fences keep it away.
        PodVanished(pod);
    }

    public static void CheckFinalizer(World world, bool present, Observed seen)
    {
        var deleted = world.Run.Metadata.DeletionTimestamp is not null;
        Require(present == !world.Run.Spec.RetainArtifacts || deleted, "the finalizer does not follow the spec");
        if (deleted && !world.Run.Spec.RetainArtifacts && world.Around.HasArtifacts)
        {
            Require(
                world.Status.Cleanup?.Result == ConditionReasons.ArtifactsLeft,
                "let a run go whose objects are neither deleted nor named"
            );
        }

        // One that a late watch has not told of yet goes with the run that owns it.
        var left = world.Pods.Where(p => p is { IsLiving: true, Deleting: false }).Select(p => p.Uid);
        Require(!deleted || !seen.All().Select(p => p.Uid).Intersect(left).Any(), "let a run go whose pods live");
    }

    /// <summary>What must hold of a run that is over and left alone.</summary>
    public static void CheckEnd(World world)
    {
        Require(world.Status.IsTerminal(), "over, and yet not");
        Require(world.Around.Gangs.Count == 0, "a gang is held for ever");
        Require(!world.Around.BlocksEvictions, "evictions are held back for ever");
        Require(
            world.Pods.TrueForAll(p => p.Phase == PodPhase.Failed && !TaskNames.IsTask(p.Stage)),
            "pods of a finished run are left"
        );
        var asked = world.Run.Spec.Checkpoints.RequestNonce;
        Require(
            asked.Length == 0 || world.Status.CheckpointRequest?.Nonce == asked,
            "a request for a checkpoint was passed over"
        );
        var wanted = world.Run.Spec.Publish.Promote;
        var promotion = world.Status.Promotion;
        if (wanted.Contains('/') && world.Status.Attempt > 0 && world.Status.Phase == RunPhase.Succeeded)
        {
            Require(promotion?.Value == wanted, "a promotion was passed over");
            Require(
                promotion!.Result != ConditionReasons.Promoted || world.Around.Main == wanted,
                "the end of the run replaced what was promoted"
            );
        }
    }

    /// <summary>What must hold whenever time has passed.</summary>
    public static void CheckTime(World world) =>
        Require(
            !world.Around.BlocksEvictions
                || world.Now <= world.Around.BlocksSince + DisruptionBudgetPolicy.MaxBlock + TimeSpan.FromHours(1),
            "evictions are held back too long"
        );

    private static string KeyOf(string name, int generation) => $"{name}, {generation}";

    private static bool Same(RunStatus a, RunStatus b) =>
        JsonSerializer.Serialize(a, ApiJson.Compact) == JsonSerializer.Serialize(b, ApiJson.Compact);

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvariantException(otherwise);
        }
    }
}
