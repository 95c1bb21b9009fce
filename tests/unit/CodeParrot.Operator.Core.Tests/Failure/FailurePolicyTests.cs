using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Tests.Failure;

public sealed class FailurePolicyTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(41)]
    public void Fails_where_another_attempt_would_end_alike(int exitCode)
    {
        var world = new World().ToTraining().End("train-a1-1", exitCode).Settle();

        Assert.Equal(RunPhase.Failed, world.Status.Phase);
        Assert.Equal(exitCode, world.Status.LastFailure!.ExitCode);
        Assert.Equal(ConditionReasons.PermanentFailure, world.Status.Condition(ConditionTypes.Failed)!.Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(42)]
    [InlineData(43)]
    [InlineData(44)]
    [InlineData(137)]
    public void Restarts_and_counts_what_may_go_well_next_time(int exitCode)
    {
        var world = new World().ToTraining().End("train", exitCode).Settle();

        Assert.Equal(RunPhase.Restarting, world.Status.Phase);
        Assert.Equal((1, 0), (world.Status.Budget.Counted, world.Status.Budget.Free));
    }

    [Fact]
    public void A_stop_and_a_vanished_pod_are_free()
    {
        var stopped = new World().ToTraining().End("train", 75).Settle();
        var vanished = new World().ToTraining().Vanish("train-a1-1").Settle();

        Assert.Equal((0, 1), (stopped.Status.Budget.Counted, stopped.Status.Budget.Free));
        Assert.Equal((0, 1), (vanished.Status.Budget.Counted, vanished.Status.Budget.Free));
        Assert.Equal(ConditionReasons.PodVanished, vanished.Status.LastFailure!.Reason);
    }

    [Fact]
    public void A_pod_that_somebody_deleted_is_free_however_it_ends()
    {
        var world = new World().ToTraining();
        var index = world.Pods.FindIndex(p => p.Stage == "train");
        world.Pods[index] = world.Pods[index] with { Deleting = true };

        world.End("train", 137).Settle();

        Assert.Equal((0, 1), (world.Status.Budget.Counted, world.Status.Budget.Free));
    }

    [Theory]
    [InlineData("PreemptionByScheduler", "", 0, 1)]
    [InlineData("DeletionByTaintManager", "", 0, 1)]
    [InlineData("EvictionByEvictionAPI", "", 0, 1)]
    [InlineData("TerminationByKubelet", "Terminated", 0, 1)]
    [InlineData("", "Preempted", 0, 1)]
    [InlineData("", "NodeShutdown", 0, 1)]
    [InlineData("", "NodeLost", 0, 1)]
    [InlineData("TerminationByKubelet", "Evicted", 1, 0)]
    [InlineData("", "OOMKilled", 1, 0)]
    [InlineData("", "Error", 1, 0)]
    public void A_cluster_s_own_doing_is_free_and_a_pod_s_is_not(
        string disruption,
        string reason,
        int counted,
        int free
    )
    {
        var world = new World().ToTraining().End("a1-0", 143, reason: reason, disruption: disruption).Settle();

        Assert.Equal((counted, free), (world.Status.Budget.Counted, world.Status.Budget.Free));
    }

    [Fact]
    public void What_the_trainer_said_itself_outweighs_a_disruption()
    {
        var world = new World().ToTraining().End("a1-0", 40, disruption: "EvictionByEvictionAPI").Settle();

        Assert.Equal(RunPhase.Failed, world.Status.Phase);
    }

    [Fact]
    public void Peers_that_miss_a_pod_that_somebody_deletes_cost_nothing()
    {
        var world = new World().ToTraining().Change("a1-1", p => p with { Deleting = true });

        world.End("a1-0", 43).Settle();

        Assert.Equal((0, 1), (world.Status.Budget.Counted, world.Status.Budget.Free));
        Assert.Equal(
            (ConditionReasons.PodDeleted, 1),
            (world.Status.LastFailure!.Reason, world.Status.LastFailure.Rank)
        );
    }

    [Fact]
    public void A_faulty_gpu_s_node_is_avoided_and_the_oldest_of_32_is_forgiven()
    {
        var world = new World("failurePolicy.maxRestarts=100").ToTraining();
        for (var i = 0; i < 40; i++)
        {
            var node = $"faulty-{i}";
            world.Change("-1", p => p with { Node = node }).End($"a{i + 1}-1", 44).Settle();
            world.End("train", 43).Settle().Advance(60).Settle();
        }

        Assert.Equal(32, world.Status.ExcludedNodes.Count);
        Assert.Equal(("faulty-8", "faulty-39"), (world.Status.ExcludedNodes[0], world.Status.ExcludedNodes[^1]));
        Assert.Equal(world.Status.ExcludedNodes, world.Around.SpecOf(world.Living.First().Name).ExcludedNodes);
    }

    [Fact]
    public void The_rest_of_a_broken_gang_gets_ten_seconds()
    {
        var world = new World().ToTraining().End("a1-0", 1).Settle();

        var grace = world.History.SelectMany(p => p.Actions).OfType<Core.Planning.DeletePod>().Last().Grace;

        Assert.Equal(TimeSpan.FromSeconds(10), grace);
    }

    [Fact]
    public void Blames_the_earliest_failure_that_is_not_a_lost_peer()
    {
        var world = new World("workers.count=4").ToTraining();

        world.End("a1-0", 43).Advance(1).End("a1-3", 44).Advance(1).End("a1-1", 1).Settle();

        Assert.Equal((3, 44), (world.Status.LastFailure!.Rank, world.Status.LastFailure.ExitCode));
    }

    [Fact]
    public void Waits_a_moment_for_the_peer_that_was_lost()
    {
        var world = new World().ToTraining().End("a1-0", 43).Settle();
        var waiting = world.Status.LastFailure;

        world.Advance(2).End("a1-1", 137).Settle();

        Assert.Null(waiting);
        Assert.Equal(137, world.Status.LastFailure!.ExitCode);
    }

    [Fact]
    public void Does_not_wait_forever_for_the_peer_that_was_lost()
    {
        var world = new World().ToTraining().End("a1-0", 43).Settle().Advance(5).Settle();

        Assert.Equal(43, world.Status.LastFailure!.ExitCode);
        Assert.True(Assert.Single(world.Living).Deleting);
    }

    [Fact]
    public void Does_not_wait_for_a_node_whose_clock_is_ahead()
    {
        var world = new World().ToTraining().End("a1-0", 43);
        world.Change("a1-0", p => p with { FinishedAt = world.Now.AddHours(1) }).Settle();

        Assert.Equal(43, world.Status.LastFailure!.ExitCode);
    }

    [Fact]
    public void Ends_the_rest_of_a_broken_gang_before_the_next_attempt()
    {
        var world = new World().ToTraining().End("a1-0", 1).Settle().Advance(60).Settle();
        var attemptWhileOneLives = world.Status.Attempt;

        world.End("a1-1", 143).Settle();

        Assert.Equal(1, attemptWhileOneLives);
        Assert.Equal(2, world.Status.Attempt);
        Assert.Equal(["small-train-a2-0", "small-train-a2-1"], world.Pods.Select(p => p.Name));
    }

    [Fact]
    public void Waits_twice_as_long_after_each_failure_up_to_the_limit()
    {
        var world = new World("failurePolicy.maxRestarts=10").Settle();
        var waits = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            world.End("corpus", 1).Settle();
            waits.Add((world.Status.NextAttemptAt!.Value - world.Now).TotalSeconds);
            world.Advance(waits[^1]).Settle();
        }

        Assert.Equal([5, 10, 20, 40, 40], waits);
    }

    [Fact]
    public void Does_not_begin_before_the_wait_is_over()
    {
        var world = new World().Settle().End("corpus", 1).Settle().Advance(4.9);

        var plan = world.Settle().History[^1];

        Assert.Equal(1, world.Status.Attempt);
        Assert.Equal(0.1, plan.Requeue!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void Gives_up_when_the_budget_is_spent()
    {
        var world = new World().Settle();
        for (var i = 0; i < 4; i++)
        {
            world.End("corpus", 1).Settle().Advance(60).Settle();
        }

        Assert.Equal(RunPhase.Failed, world.Status.Phase);
        Assert.Equal(3, world.Status.Restarts);
        Assert.Equal(ConditionReasons.RestartsExhausted, world.Status.Condition(ConditionTypes.Failed)!.Reason);
    }

    [Fact]
    public void A_newer_checkpoint_resets_the_budget()
    {
        var world = new World().ToTraining();
        for (var i = 1; i <= 6; i++)
        {
            world.Report(i * 10, Runs.Checkpoint(i * 10)).Settle();
            world.End("train", 1).Settle().Advance(60).Settle();
        }

        Assert.Equal(RunPhase.Starting, world.Status.Phase);
        Assert.Equal((6, 1), (world.Status.Restarts, world.Status.Budget.Counted));
    }

    [Fact]
    public void Free_restarts_end_as_well()
    {
        var world = new World().Settle();
        for (var i = 0; i < 101; i++)
        {
            world.End("corpus", 75).Settle().Advance(60).Settle();
        }

        Assert.Equal(ConditionReasons.FreeRestartsExhausted, world.Status.Condition(ConditionTypes.Failed)!.Reason);
    }

    [Theory]
    [InlineData("{onExitCodes: [1], action: Fail}", RunPhase.Failed)]
    [InlineData("{onMessage: disk, action: Fail}", RunPhase.Failed)]
    [InlineData("{onReason: OOMKilled, action: Fail}", RunPhase.Failed)]
    [InlineData("{onExitCodes: [9], action: Fail}", RunPhase.Restarting)]
    [InlineData("{onPodCondition: DisruptionTarget, action: Fail}", RunPhase.Restarting)]
    [InlineData("{onExitCodes: [1], action: RestartFree}, {onMessage: disk, action: Fail}", RunPhase.Restarting)]
    public void The_first_rule_that_matches_decides(string rules, RunPhase phase)
    {
        var world = new World($"failurePolicy.rules=[{rules}]").ToTraining();

        world.End("a1-0", 1, new TerminationMessage { Message = "the disk is full" }, "OOMKilled").Settle();

        Assert.Equal(phase, world.Status.Phase);
    }

    [Fact]
    public void A_rule_may_roll_back_to_the_checkpoint_before_the_newest()
    {
        var world = new World("failurePolicy.rules=[{onExitCodes: [40], action: Rollback}]").ToTraining();
        world.Report(10, Runs.Checkpoint(10)).Settle();
        world.Report(20, Runs.Checkpoint(20)).Settle();

        var observed = world.End("train", 40).Observe();
        var plan = new Core.Planning.Planner().Plan(observed);

        var status = Assert.Single(plan.Actions.OfType<Core.Planning.SetStatus>()).Status;
        Assert.Equal(new StartPoint("b1/step-000000010-a1", 0), status.StartFrom);
        Assert.Equal(("b2", 1), (status.Branch, status.Budget.Counted));
    }

    [Theory]
    [InlineData("")]
    [InlineData("failurePolicy.rules=[{onReason: LossSpike, action: Rollback}]")]
    public void A_trainer_that_saw_spikes_is_taken_back_to_where_it_asks(string rules)
    {
        var world = (rules.Length > 0 ? new World(rules) : new World()).ToTraining();
        world.Report(10, Runs.Checkpoint(10)).Settle();
        world.Report(20, Runs.Checkpoint(20)).Settle();
        var said = new TerminationMessage
        {
            Class = TerminationMessage.LossSpike,
            Message = "spike at step 27",
            Checkpoint = "b1/step-000000020-a1",
            SkipSteps = 7,
        };

        var plan = new Core.Planning.Planner().Plan(world.End("train", 40, said).Observe());

        var status = Assert.Single(plan.Actions.OfType<Core.Planning.SetStatus>()).Status;
        Assert.Equal(new StartPoint("b1/step-000000020-a1", 7), status.StartFrom);
        Assert.Equal((RunPhase.Restarting, "b2", 1), (status.Phase, status.Branch, status.Budget.Counted));
        Assert.Equal(TerminationMessage.LossSpike, status.LastFailure!.Reason);
    }

    [Fact]
    public void A_rule_of_the_spec_goes_before_what_the_trainer_asks_for()
    {
        var world = new World("failurePolicy.rules=[{onReason: LossSpike, action: Fail}]").ToTraining();
        world.Report(20, Runs.Checkpoint(20)).Settle();
        var said = new TerminationMessage { Class = TerminationMessage.LossSpike, Checkpoint = "b1/step-000000020-a1" };

        world.End("train", 40, said).Settle();

        Assert.Equal(RunPhase.Failed, world.Status.Phase);
    }

    [Fact]
    public void Says_what_the_pod_said_about_its_end()
    {
        var message = new TerminationMessage
        {
            Rank = 1,
            Class = "StoreUnreachable",
            Message = "the disk is full: /data",
        };

        var world = new World().ToTraining().End("a1-1", 42, message).Settle();

        var failure = world.Status.LastFailure!;
        Assert.Equal(
            ("StoreUnreachable", "the disk is full: /data", "small-train-a1-1"),
            (failure.Reason, failure.Message, failure.Pod)
        );
        var attempt = world.Status.Attempts[0];
        Assert.Equal(("StoreUnreachable", 42), (attempt.Reason, attempt.ExitCode));
    }
}
