using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Accept;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Accept;

public sealed class AcceptPolicyTests
{
    [Fact]
    public void A_cluster_wants_a_store_and_one_machine_does_not()
    {
        var cluster = new World("store.uri=").Settle();
        var machine = new World(
            Runs.Small("store.uri="),
            new Planner(new PlannerOptions { HasApiServer = false })
        ).Settle();

        Assert.Contains("spec.store.uri", Accepted(cluster).Message, StringComparison.Ordinal);
        Assert.Equal((0, 1), (cluster.Status.Attempt, machine.Status.Attempt));
    }

    [Fact]
    public void A_run_that_has_begun_is_followed_to_its_failure_with_a_broken_spec_and_begins_nothing()
    {
        var world = new World().ToTraining().Edit(Broken).Settle();
        var living = world.Living.Count();

        world.End("train", 1).Settle().Advance(3600).Settle();

        Assert.Equal(2, living);
        Assert.Equal((1, RunPhase.Restarting, 1), (world.Status.Attempt, world.Status.Phase, world.Status.Restarts));
        Assert.Equal(ConditionReasons.InvalidSpec, Accepted(world).Reason);
    }

    [Fact]
    public void What_another_version_could_not_read_is_judged_anew()
    {
        var run = Runs.Small();
        var unread = new RunCondition("Accepted", "False", ConditionReasons.Unreadable, "", 1, Runs.Start);

        var world = new World(run with { Status = new RunStatus { Conditions = [unread] } }, new Planner()).Settle();

        Assert.Equal((1, "True"), (world.Status.Attempt, Accepted(world).Status));
    }

    [Fact]
    public void Goes_on_when_the_spec_is_mended()
    {
        var world = new World().ToTraining().Edit(Broken).Settle().End("train", 1).Settle().Advance(60).Settle();

        world.Edit(Mended).Settle();

        Assert.Equal((2, "True"), (world.Status.Attempt, Accepted(world).Status));
    }

    [Fact]
    public void A_broken_spec_fails_no_run_by_its_own_numbers()
    {
        var world = new World().ToTraining();
        world.Edit(s => Broken(s) with { FailurePolicy = s.FailurePolicy with { MaxRestarts = -1 } }).Settle();

        world.End("train", 137).Settle();

        Assert.Equal(RunPhase.Restarting, world.Status.Phase);
    }

    [Fact]
    public void A_run_with_a_broken_spec_can_be_suspended_and_its_rollback_waits()
    {
        var world = new World().ToTraining().Report(10, Runs.Checkpoint(10)).Settle();
        world
            .Edit(s =>
                Broken(s) with
                {
                    Suspend = true,
                    Rollback = new RollbackSpec { ToStep = 10 },
                }
            )
            .Settle();

        world.End("train", 75).Settle();
        var suspended = world.Status;
        world.Edit(Mended).Settle();

        Assert.Equal((RunPhase.Suspended, null), (suspended.Phase, suspended.Rollback));
        Assert.Equal("b2", world.Status.Branch);
    }

    [Fact]
    public void A_stage_that_ends_is_noted_with_a_broken_spec_and_the_next_one_waits()
    {
        var world = new World().ToTraining().Edit(Broken).Settle().Succeed("train");
        var waiting = world.Living.Count();

        world.Edit(Mended).Settle();

        Assert.Equal((0, "evaluate"), (waiting, Assert.Single(world.Living).Stage));
    }

    [Fact]
    public void The_identity_of_a_run_that_has_begun_stays_the_store_s_too()
    {
        var world = new World().Settle();

        world.Edit(s => s with { Store = s.Store with { Uri = "s3://others/place" } }).Settle();

        Assert.Equal(ConditionReasons.IdentityChanged, Accepted(world).Reason);
        Assert.Contains("spec.store", Accepted(world).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_of_the_recipe_says_that_it_waits_for_the_next_attempt()
    {
        var world = new World().ToTraining();

        world.Edit(s => s with { Training = s.Training with { LearningRate = 1e-5 } }).Settle();
        var pending = world.Status.PendingChange;
        world.End("train", 1).Settle().Advance(60).Settle();

        Assert.Contains("attempt 2", pending, StringComparison.Ordinal);
        Assert.Equal((2, ""), (world.Status.Attempt, world.Status.PendingChange));
        Assert.Contains(world.Events, e => e.Reason == "ChangePending");
    }

    [Fact]
    public void An_edit_of_a_control_field_or_one_taken_back_waits_for_nothing()
    {
        var world = new World().ToTraining();
        world.Edit(s => s with { FailurePolicy = s.FailurePolicy with { MaxRestarts = 5 } }).Settle();
        var control = world.Status.PendingChange;

        world.Edit(s => s with { Training = s.Training with { LearningRate = 1e-5 } }).Settle();
        world.Edit(s => s with { Training = Runs.Small().Spec.Training }).Settle();

        Assert.Equal(("", ""), (control, world.Status.PendingChange));
    }

    [Fact]
    public void A_store_that_another_run_owns_is_refused_until_a_person_allows_it()
    {
        var said = new TerminationMessage { Class = TerminationMessage.StoreInUse, Message = "it belongs to UID x" };
        var world = new World().ToTraining().End("train", 2, said).Settle().Advance(3600).Settle();
        var refused = (world.Status.Phase, Accepted(world).Reason, world.Status.Attempt);

        world.Annotate(AnnotationNames.AdoptStore, "true").Settle();

        Assert.Equal((RunPhase.Pending, ConditionReasons.StoreInUse, 1), refused);
        Assert.Equal((2, "True"), (world.Status.Attempt, Accepted(world).Status));
    }

    [Fact]
    public void Names_as_many_mistakes_as_fit()
    {
        var many = Enumerable
            .Range(0, 5000)
            .Select(i => new SpecMistake($"spec.field{i}", "must be something"))
            .ToList();

        var text = MistakeText.Of(many);
        var shown = text.Split('\n');

        Assert.True(text.Length <= MistakeText.MaxLength);
        Assert.Equal($"and {5000 - (shown.Length - 1)} more", shown[^1]);
    }

    [Fact]
    public void A_mistake_that_quotes_a_long_value_is_cut()
    {
        var text = MistakeText.Of([
            new SpecMistake("spec.x", new string('y', 40_000)),
            new SpecMistake("spec.z", "no"),
        ]);

        Assert.True(text.Length <= MistakeText.MaxLength);
        Assert.EndsWith("and 1 more", text, StringComparison.Ordinal);
    }

    private static RunSpec Broken(RunSpec spec) => spec with { Training = spec.Training with { MaxSteps = 0 } };

    private static RunSpec Mended(RunSpec spec) =>
        spec with
        {
            Suspend = false,
            Training = spec.Training with { MaxSteps = 100 },
        };

    private static RunCondition Accepted(World world) => world.Status.Condition(ConditionTypes.Accepted)!;
}
