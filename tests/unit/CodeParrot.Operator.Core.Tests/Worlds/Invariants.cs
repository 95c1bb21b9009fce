using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>What must hold after every action of every history (DESIGN §9, I1 to I3, I8, I9).</summary>
internal sealed class Invariants
{
    private readonly HashSet<string> _created = [];
    private int _failures;
    private bool _goesBack;

    public void PodEnded(int exitCode) => _failures += exitCode is 0 or 75 ? 0 : 1;

    public void PodVanished(string name) => _created.Remove(name);

    public static void CheckPlan(Observed observed, Plan plan, Plan again)
    {
        Require(plan.ToString() == again.ToString(), "the same observation gave two plans");
        Require(plan.Actions.Count <= 8, $"a pass of {plan.Actions.Count} actions");
        var kinds = plan.Actions.Select(a => a.GetType()).ToList();
        Require(kinds.Count(k => k == typeof(SetStatus)) <= 1, "two status writes in a pass");
        Require(
            !kinds.Contains(typeof(CreatePod))
                || plan.Actions.OfType<CreatePod>().All(c => c.Pod.Attempt == observed.Status.Attempt),
            "a pod of an attempt that is not written yet"
        );
        Require(!(plan.Finished && plan.Actions.Count > 0), "finished, and yet something to do");
    }

    public void Check(World world)
    {
        var attempts = world.Living.Select(p => p.Attempt).Distinct().Count();
        Require(attempts <= 1, "two attempts have living pods");
        Require(world.Living.Select(p => p.Stage).Distinct().Count() <= 1, "two stages have living pods");
        Require(world.Living.GroupBy(p => p.PodIndex).All(g => g.Count() == 1), "two living pods of one rank");
        var status = world.Status;
        Require(
            status.IsTerminal() || status.Budget.Counted <= world.Run.Spec.FailurePolicy.MaxRestarts,
            "restarted more often than allowed"
        );
        Require(status.Budget.Counted <= _failures, "more failures counted than happened");
    }

    public void CheckWrite(World world, RunStatus next)
    {
        var old = world.Status;
        Require(next.Attempt == old.Attempt || next.Attempt == old.Attempt + 1, "the attempt jumped");
        var asked = world.Run.Spec.Rollback is { } r && r != old.Rollback?.Value;
        Require(!old.IsTerminal() || next.Phase == old.Phase || asked, "left a terminal phase without a rollback");
        Require(next.Branch == old.Branch || old.Branch.Length == 0 || asked, "changed the branch without a rollback");
        var restarts = next.LastFailure != old.LastFailure && next.Phase == RunPhase.Restarting ? 1 : 0;
        Require(next.Restarts == old.Restarts + restarts, "restarts are not counted one by one");
        if (next.Rollback is { Attempt: > 0 } rollback && rollback != old.Rollback)
        {
            Require(rollback.Value != old.Rollback?.Value, "acted twice on one rollback");
            _goesBack = true;
        }

        if (asked && next.Rollback == old.Rollback)
        {
            // Nothing else may be decided before the rollback is, except that a bad spec is refused.
            Require(
                next.Condition(ConditionTypes.Accepted) != old.Condition(ConditionTypes.Accepted),
                "passed over a rollback"
            );
        }

        if (next.Attempt > old.Attempt)
        {
            CheckWait(world, old);
            _goesBack = false;
        }
    }

    // A person's rollback does not wait; every other attempt after a failure does.
    private void CheckWait(World world, RunStatus old)
    {
        if (old.Attempts.Count > 0 && old.Attempts[^1] is { ExitCode: not null } failed && !_goesBack)
        {
            var wait = world.Run.Spec.FailurePolicy.Backoff.Initial;
            Require(world.Now >= failed.EndedAt + wait, "restarted at once");
        }
    }

    public void CheckCreate(World world, PodSpec pod)
    {
        Require(!world.Run.Spec.Suspend, "made a pod of a suspended run");
        Require(!world.Status.IsTerminal(), "made a pod of a run that is over");
        Require(_created.Add(pod.Name), $"made {pod.Name} twice");
    }

    public static void CheckStop(World world, PodObservation pod)
    {
        var current = world.Status.LivingAttempt() is not null && pod.Attempt == world.Status.Attempt;
        Require(!current || world.Run.Spec.Suspend, "stopped a pod of the living attempt");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvariantException(otherwise);
        }
    }
}
