using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Planning;

public sealed class LifeOfARunTests
{
    [Fact]
    public void Goes_through_the_stages_in_order_and_ends()
    {
        var world = new World().Settle();
        var stages = new List<string>();
        while (!world.Status.IsTerminal())
        {
            stages.Add(world.Status.Stage);
            world.Succeed(world.Status.Stage);
        }

        Assert.Equal(StageNames.All, stages);
        Assert.Equal(RunPhase.Succeeded, world.Status.Phase);
        Assert.Equal(1, world.Status.Attempt);
        Assert.True(world.Step().Finished);
    }

    [Fact]
    public void Writes_the_attempt_and_its_snapshot_before_any_pod()
    {
        var world = new World();
        var plans = new[] { world.Step(), world.Step(), world.Step() };

        Assert.Equal(["SetStatus"], Kinds(plans[0]));
        Assert.Equal(["EnsureSnapshot", "EnsureNetwork", "SetStatus", "RecordEvent"], Kinds(plans[1]));
        Assert.Equal(["SetStatus", "CreatePod"], Kinds(plans[2]));
        Assert.Equal(1, plans[1].Actions.OfType<SetStatus>().Single().Status.Attempt);
    }

    [Fact]
    public void One_pod_for_each_gpus_per_pod_ranks()
    {
        var world = new World("workers.count=6", "workers.gpusPerPod=2").ToTraining();

        Assert.Equal(["small-train-a1-0", "small-train-a1-1", "small-train-a1-2"], world.Living.Select(p => p.Name));
        Assert.Equal(new WorkersStatus(6, 6, 0), world.Status.Workers);
    }

    [Fact]
    public void Outputs_of_every_stage_are_kept()
    {
        var message = new TerminationMessage
        {
            Outputs = new Dictionary<string, string> { ["corpus"] = "corpora/abc" },
        };

        var world = new World().Settle().Succeed("corpus", message);

        Assert.Equal("corpora/abc", world.Status.Stages["corpus"].Outputs["corpus"]);
        Assert.Equal("tokenizer", world.Status.Stage);
        Assert.Equal(RunPhase.Preparing, world.Status.Phase);
    }

    [Fact]
    public void Publishing_names_the_published_checkpoint()
    {
        var message = new TerminationMessage { Outputs = new Dictionary<string, string> { ["published"] = "b1/step" } };

        var world = new World().ToTraining().Succeed("train").Succeed("evaluate").Succeed("publish", message);

        Assert.Equal("b1/step", world.Status.Published);
    }

    [Fact]
    public void Never_skips_the_publish_stage()
    {
        var world = new World("publish.promote=Never").ToTraining().Succeed("train").Succeed("evaluate");

        Assert.Equal(RunPhase.Succeeded, world.Status.Phase);
        Assert.True(world.Status.Stages["publish"].Skipped);
    }

    [Fact]
    public void Mistakes_of_the_spec_stop_everything_and_are_all_named()
    {
        var world = new World();
        world.Edit(s => s with { Workers = s.Workers with { Count = 0 }, Training = s.Training with { MaxSteps = 0 } });

        world.Settle();

        var accepted = world.Status.Condition(ConditionTypes.Accepted)!;
        Assert.Equal(("False", "InvalidSpec", 2L), (accepted.Status, accepted.Reason, accepted.ObservedGeneration));
        Assert.Contains("spec.workers.count", accepted.Message, StringComparison.Ordinal);
        Assert.Contains("spec.training.maxSteps", accepted.Message, StringComparison.Ordinal);
        Assert.Empty(world.Pods);
    }

    [Fact]
    public void A_corrected_spec_is_accepted_and_goes_on()
    {
        var world = new World();
        world.Edit(s => s with { Workers = s.Workers with { Count = 0 } }).Settle();

        world.Edit(s => s with { Workers = s.Workers with { Count = 1 } }).Settle();

        Assert.Equal("True", world.Status.Condition(ConditionTypes.Accepted)!.Status);
        Assert.Single(world.Living);
    }

    [Fact]
    public void An_identity_field_cannot_change_once_an_attempt_began()
    {
        var world = new World().Settle();

        world.Edit(s => s with { Training = s.Training with { Seed = 9 } }).Settle();

        Assert.Equal(ConditionReasons.IdentityChanged, world.Status.Condition(ConditionTypes.Accepted)!.Reason);
        Assert.Single(world.Living);
    }

    [Fact]
    public void A_changed_recipe_waits_for_the_next_attempt()
    {
        var world = new World().Settle();
        var hash = world.Status.SpecHash;

        world.Edit(s => s with { Training = s.Training with { MaxSteps = 500 } }).Settle();
        var during = world.Status.SpecHash;
        world.End("corpus", 1).Settle().Advance(60).Settle();

        Assert.Equal(hash, during);
        Assert.NotEqual(hash, world.Status.SpecHash);
    }

    [Fact]
    public void Suspend_stops_the_pods_gracefully_and_resume_begins_a_new_attempt()
    {
        var world = new World("workers.terminationGracePeriod=90s").ToTraining();

        world.Edit(s => s with { Suspend = true }).Settle();
        var graces = world
            .History.SelectMany(p => p.Actions)
            .OfType<DeletePod>()
            .Select(d => d.Grace.TotalSeconds)
            .ToList();
        var message = new TerminationMessage { Checkpoints = [Runs.Checkpoint(40)] };
        world.End("train", 75, message).Settle();
        var suspended = world.Status;
        world.Edit(s => s with { Suspend = false }).Settle();

        Assert.Equal([90.0, 90.0], graces.TakeLast(2));
        Assert.Equal(RunPhase.Suspended, suspended.Phase);
        Assert.Equal(40, Assert.Single(suspended.Checkpoints).Step);
        Assert.Equal((2, 0), (world.Status.Attempt, world.Status.Restarts));
        Assert.All(world.Living, p => Assert.Equal(("train", 2), (p.Stage, p.Attempt)));
    }

    [Fact]
    public void Suspend_hears_of_no_checkpoint_written_by_a_stage_that_was_done_anyway()
    {
        var world = new World().Settle();

        world.Edit(s => s with { Suspend = true }).Settle();
        world.End("corpus", 0).Settle();

        Assert.True(world.Status.Stages.ContainsKey("corpus"));
        Assert.Equal(RunPhase.Suspended, world.Status.Phase);
    }

    [Fact]
    public void A_half_made_gang_that_was_told_to_stop_gets_no_new_pods()
    {
        var world = new World().Settle().Succeed("corpus");
        world.End("-tokenizer-", 0).Step();
        // A crash after the first rank's pod: status, key, one pod.
        world.Step(actions: 3);
        world.Edit(s => s with { Suspend = true });
        world.Step();
        world.Step();

        world.Vanish("-train-").Edit(s => s with { Suspend = false }).Settle().Advance(60).Settle();

        Assert.All(world.Living, p => Assert.Equal(2, p.Attempt));
        Assert.Equal((2, 0), (world.Living.Count(), world.Status.Budget.Counted));
    }

    [Fact]
    public void Pods_of_another_run_of_the_same_name_are_neither_counted_nor_touched()
    {
        var world = new World();
        world.Pods.Add(
            new()
            {
                Name = "small-corpus-a1-0",
                Uid = "x",
                RunUid = "another",
                Stage = "corpus",
                Attempt = 1,
                Phase = Core.Observation.PodPhase.Running,
            }
        );

        world.Settle();

        Assert.Equal("another", Assert.Single(world.Pods).RunUid);
        Assert.NotNull(world.History[^1].Requeue);
    }

    private static IEnumerable<string> Kinds(Plan plan) => plan.Actions.Select(a => a.GetType().Name);
}
