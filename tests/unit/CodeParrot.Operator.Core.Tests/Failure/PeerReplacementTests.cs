using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Failure;

public sealed class PeerReplacementTests
{
    [Fact]
    public void Replaces_a_lost_pod_and_leaves_the_others_alone()
    {
        var world = Training();
        var others = Uids(world, "train-a1-0", "train-a1-2");

        world.End("a1-1", 137).Settle();
        var meanwhile = world.Status;
        world.Advance(5).Settle();

        Assert.Equal(
            (RunPhase.Restarting, 1, 1, "2/3"),
            (meanwhile.Phase, meanwhile.Attempt, meanwhile.Restarts, meanwhile.Workers!.Summary)
        );
        Assert.Equal(ConditionReasons.Replacing, meanwhile.Condition(ConditionTypes.Running)!.Reason);
        Assert.Equal(others, Uids(world, "train-a1-0", "train-a1-2"));
        Assert.Equal(1, world.Pods.Single(p => p.Name == "small-train-a1-1").Generation);
        Assert.Equal(
            (1, 1, "3/3"),
            (world.Status.Attempt, world.Status.Gang.Generation, world.Status.Workers!.Summary)
        );
        Assert.Empty(world.Status.Gang.Replacing);
        Assert.Contains(world.Events, e => e is { Warning: true, Reason: ConditionReasons.Replacing });
        Assert.Equal(137, world.Status.LastFailure!.ExitCode);
    }

    [Fact]
    public void A_replacement_is_told_its_generation_and_what_the_attempt_began_with()
    {
        var world = Training();
        var before = world.Around.SpecOf("small-train-a1-1");

        world.Edit(s => s with { Checkpoints = s.Checkpoints with { EverySteps = 7 } }).Settle();
        world.End("a1-1", 137).Settle().Advance(5).Settle();

        var after = world.Around.SpecOf("small-train-a1-1");
        Assert.Equal((1, before.SpecHash, before.Branch), (after.Generation, after.SpecHash, after.Branch));
        Assert.Equal("1", after.Labels[LabelNames.Generation]);
    }

    [Fact]
    public void Waits_for_a_pod_that_goes_slowly_before_another_has_its_name()
    {
        var world = Training().End("a1-1", 137);
        world.Change("a1-1", p => p with { Deleting = true, DeletionDueAt = world.Now, Held = true });
        var held = world.Observe();

        world.Step();
        var plan = new Planner().Plan(held with { Run = world.Run, Now = world.Now.AddMinutes(1) });

        Assert.Single(world.Status.Gang.Replacing);
        Assert.DoesNotContain(plan.Actions, a => a is CreatePod);
    }

    [Fact]
    public void Several_that_are_lost_at_once_cost_one_restart()
    {
        var world = Training(count: 5).End("a1-1", 137).End("a1-3", 1).Vanish("a1-4").Settle().Advance(5).Settle();

        Assert.Equal((1, 1, 1), (world.Status.Attempt, world.Status.Restarts, world.Status.Budget.Counted));
        Assert.Equal([0, 1, 0, 1, 1], world.Living.OrderBy(p => p.Name).Select(p => p.Generation));
    }

    [Fact]
    public void A_survivor_that_is_lost_meanwhile_is_replaced_too()
    {
        var world = Training().End("a1-1", 137).Settle();

        world.End("a1-2", 44).Settle();
        var waiting = world.Status.Gang;
        world.Advance(10).Settle();

        Assert.Equal([new(1, 1), new ReplacementStatus(2, 2)], waiting.Replacing);
        Assert.Equal([0, 1, 2], world.Living.OrderBy(p => p.Name).Select(p => p.Generation));
        Assert.Equal((1, 2), (world.Status.Attempt, world.Status.Budget.Counted));
    }

    [Fact]
    public void A_survivor_that_vanishes_meanwhile_is_noticed()
    {
        var world = Training().End("a1-1", 137).Settle().Vanish("a1-2").Settle();

        Assert.Equal((1, 1), (world.Status.Budget.Counted, world.Status.Budget.Free));
        Assert.Equal([1, 2], world.Status.Gang.Replacing.Select(r => r.PodIndex));
    }

    [Fact]
    public void A_replacement_that_fails_again_waits_longer_until_the_budget_is_spent()
    {
        var world = Training();
        var waits = new List<double>();
        while (!world.Status.IsTerminal())
        {
            world.End("a1-1", 1).Settle();
            waits.Add((world.Status.Gang.ReplaceAt!.Value - world.Now).TotalSeconds);
            world.Advance(40).Settle();
        }

        Assert.Equal([5, 10, 20], waits.Take(3));
        Assert.Equal(3, world.Status.Attempts[^1].Replacements);
        Assert.Equal(ConditionReasons.RestartsExhausted, world.Status.Condition(ConditionTypes.Failed)!.Reason);
        Assert.Equal(1, world.Status.Attempt);
    }

    [Fact]
    public void Without_a_survivor_the_attempt_ends()
    {
        var world = Training(count: 2).End("train", 137).Settle();

        Assert.Null(world.Status.LivingAttempt());
        Assert.Equal((1, 0), (world.Status.Restarts, world.Status.Gang.Generation));
    }

    [Theory]
    [InlineData(43)]
    [InlineData(0)]
    public void Where_a_survivor_gave_up_or_is_done_the_attempt_ends(int exitCode)
    {
        var world = Training().End("a1-1", 137).End("a1-2", exitCode).Settle();

        Assert.Null(world.Status.LivingAttempt());
        Assert.Equal(137, world.Status.LastFailure!.ExitCode);
    }

    [Fact]
    public void Where_the_others_finish_while_a_pod_is_replaced_the_attempt_ends_and_costs_no_more()
    {
        var world = Training().End("a1-0", 137).Settle().End("train", 0).Settle();

        Assert.Null(world.Status.LivingAttempt());
        Assert.Equal((RunPhase.Restarting, 1), (world.Status.Phase, world.Status.Restarts));
        Assert.Equal(2, world.Advance(60).Settle().Status.Attempt);
    }

    [Fact]
    public void A_replacement_that_finished_before_it_was_noted_has_finished()
    {
        var world = Training().End("a1-1", 137).Settle().Advance(5);

        world.Step();
        world.End("train", 0).Settle();

        Assert.Equal((1, "evaluate"), (world.Status.Attempt, world.Status.Stage));
    }

    [Fact]
    public void A_gang_that_stops_as_one_is_not_replaced_pod_by_pod()
    {
        var world = Training().End("a1-1", 75).Settle();
        var first = world.Status.LastFailure;

        world.Advance(2).End("train", 75).Settle();

        Assert.Null(first);
        Assert.Null(world.Status.LivingAttempt());
        Assert.Equal((1, 0), (world.Status.Budget.Free, world.Status.Gang.Generation));
    }

    [Fact]
    public void A_drained_pod_that_is_gone_before_the_others_are_seen_to_stop_costs_one_restart()
    {
        var world = Training().Vanish("train-a1-1").Settle().End("train-a1-0", 75).Settle();
        var waiting = world.Status.LivingAttempt();

        world.End("train-a1-2", 75).Settle();

        Assert.NotNull(waiting);
        Assert.Null(world.Status.LivingAttempt());
        Assert.Equal((1, 1), (world.Status.Restarts, world.Status.Budget.Free));
        Assert.Equal(2, world.Advance(60).Settle().Status.Attempt);
    }

    [Fact]
    public void A_pod_that_stops_alone_is_replaced()
    {
        var world = Training().End("a1-1", 75).Settle().Advance(5).Settle();

        Assert.Equal((1, 1), (world.Status.Budget.Free, world.Status.Gang.Generation));
        Assert.NotNull(world.Status.LivingAttempt());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void What_a_replacement_would_do_again_fails_the_run(int exitCode)
    {
        var world = Training().End("a1-1", exitCode).Settle();

        Assert.Equal(RunPhase.Failed, world.Status.Phase);
    }

    [Fact]
    public void A_replacement_avoids_the_node_of_a_faulty_gpu()
    {
        var world = Training();
        var node = world.Pods.Single(p => p.Name == "small-train-a1-1").Node;

        world.End("a1-1", 44).Settle().Advance(5).Settle();

        Assert.Equal([node], world.Around.SpecOf("small-train-a1-1").ExcludedNodes);
    }

    [Fact]
    public void A_pod_on_a_lost_node_is_replaced_once_it_is_removed()
    {
        var world = Training();
        world.LostNodes.Add(world.Pods.Single(p => p.Name == "small-train-a1-1").Node);

        world.Advance(30).Settle();
        var early = world.Status.Gang.Generation;
        world.Advance(90).Settle().Advance(5).Settle();

        Assert.Equal(0, early);
        Assert.Equal((1, 0, 1), (world.Status.Attempt, world.Status.Budget.Counted, world.Status.Budget.Free));
        Assert.Equal(3, world.Living.Count());
    }

    [Fact]
    public void A_crash_after_any_write_changes_nothing()
    {
        var world = Training().End("a1-1", 137);
        for (var i = 0; i < 20; i++)
        {
            world.Step(actions: 1);
            world.Advance(2);
        }

        world.Settle();

        Assert.Equal((1, 1, 1), (world.Status.Attempt, world.Status.Restarts, world.Status.Gang.Generation));
        Assert.Equal(3, world.Living.Count());
    }

    [Fact]
    public void Suspend_stops_the_survivors_and_ends_the_attempt()
    {
        var world = Training().End("a1-1", 137).Settle();

        world.Edit(s => s with { Suspend = true }).Settle().End("train", 75).Settle();
        var suspended = world.Status;
        world.Edit(s => s with { Suspend = false }).Settle();

        Assert.Equal((RunPhase.Suspended, 1), (suspended.Phase, suspended.Attempt));
        Assert.Equal((2, 0), (world.Status.Attempt, world.Status.Gang.Generation));
    }

    [Fact]
    public void A_rollback_does_not_wait_for_the_replacement()
    {
        var world = Training().Report(10, Runs.Checkpoint(10)).Settle().End("a1-1", 137).Settle();

        world.Edit(s => s with { Rollback = new RollbackSpec { ToStep = 10 } }).Settle().End("train", 75).Settle();

        Assert.Equal((2, "b2"), (world.Status.Attempt, world.Status.Branch));
    }

    [Fact]
    public void Nothing_stalls_while_a_replacement_waits_for_a_node()
    {
        var world = Training().Report(3).Settle();
        world.HasRoom = false;
        world.End("a1-1", 137).Settle().Advance(5).Settle();

        world.Advance(3600).Settle();
        var waiting = world.Status.Restarts;
        world.MakeRoom().Settle().Advance(900).Settle();
        var starting = world.Status.Restarts;
        world.Advance(600).Settle();

        Assert.Equal((1, 1, 2), (waiting, starting, world.Status.Restarts));
        Assert.Equal(ConditionReasons.StartupTimeout, world.Status.LastFailure!.Reason);
    }

    [Fact]
    public void What_the_attempt_came_to_stands_until_the_gang_makes_steps_again()
    {
        var world = Training().Report(7).Settle().Advance(20).Report(9).Settle();
        world.End("a1-0", 137).Settle().Advance(5).Report(0).Settle().Advance(20).Report(0).Settle();
        var joining = world.Status;

        world.Advance(20).Report(10, checkpoint: null, new RankProgress(0, "Training", 10, 1, world.Now)).Settle();

        Assert.Equal((RunPhase.Restarting, 9L), (joining.Phase, joining.Progress!.Step));
        Assert.Equal((RunPhase.Running, 10L), (world.Status.Phase, world.Status.Progress!.Step));
        Assert.Equal("Training", world.Events.Last().Reason);
    }

    [Fact]
    public void An_edit_to_gang_acts_at_once_and_one_to_peers_at_the_next_attempt()
    {
        var toGang = Training();
        var toPeers = new World("workers.count=3").ToTraining();

        toGang.Edit(s => With(s, RecoveryMode.Gang)).Settle().End("a1-1", 137).Settle();
        toPeers.Edit(s => With(s, RecoveryMode.Peers)).Settle().End("a1-1", 137).Settle();

        Assert.Null(toGang.Status.LivingAttempt());
        Assert.Null(toPeers.Status.LivingAttempt());
        toPeers.End("train", 43).Settle().Advance(60).Settle();
        Assert.Equal(RecoveryMode.Peers, toPeers.Status.Gang.Recovery);
    }

    [Fact]
    public void A_slip_of_the_pen_costs_the_survivors_nothing()
    {
        var world = Training().Edit(s => s with { Training = s.Training with { MaxSteps = 0 } }).Settle();

        world.End("a1-1", 137).Settle().Advance(5).Settle();

        Assert.Equal((1, 3), (world.Status.Attempt, world.Living.Count()));
    }

    [Fact]
    public void Evictions_stay_held_back_while_a_pod_is_replaced()
    {
        var world = Training("disruption=BlockUntilCheckpoint").End("a1-1", 137).Settle();

        Assert.True(world.Around.BlocksEvictions);
    }

    private static World Training(params string[] overrides) => Training(3, overrides);

    private static World Training(int count, params string[] overrides) =>
        new World([$"workers.count={count}", "failurePolicy.recovery=Peers", .. overrides]).ToTraining();

    private static IEnumerable<string> Uids(World world, params string[] names) =>
        [.. names.Select(n => world.Pods.Single(p => p.Name.EndsWith(n, StringComparison.Ordinal)).Uid)];

    private static RunSpec With(RunSpec spec, RecoveryMode recovery) =>
        spec with
        {
            FailurePolicy = spec.FailurePolicy with { Recovery = recovery },
        };
}
