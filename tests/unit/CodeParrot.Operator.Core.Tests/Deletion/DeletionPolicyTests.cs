using CodeParrot.Api.Names;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Deletion;

public sealed class DeletionPolicyTests
{
    private const string Retain = "retainArtifacts=false";

    [Fact]
    public void The_finalizer_is_there_before_the_first_attempt_and_only_where_asked_for()
    {
        var held = new World(Retain);
        held.Step();

        Assert.Equal([FinalizerNames.Artifacts], held.Run.Metadata.Finalizers);
        Assert.Equal(0, held.Status.Attempt);
        Assert.Empty(new World().Settle().Run.Metadata.Finalizers);
    }

    [Fact]
    public void The_finalizer_follows_the_spec_also_after_the_end()
    {
        var world = new World().ToTraining().Succeed("train").Succeed("evaluate").Succeed("publish");

        world.Edit(s => s with { RetainArtifacts = false }).Settle();
        var held = world.Run.Metadata.Finalizers.Count;
        world.Edit(s => s with { RetainArtifacts = true }).Settle();

        Assert.Equal((1, 0), (held, world.Run.Metadata.Finalizers.Count));
    }

    [Fact]
    public void Stops_the_pods_then_deletes_the_objects_then_lets_the_run_go()
    {
        var world = new World(Retain).ToTraining().Delete().Settle();
        var early = world.Pods.Exists(p => p.Stage == TaskNames.Cleanup);
        world.End("train", 137).Settle();
        var cleanup = world.Around.SpecOf(Assert.Single(world.Living).Name);

        world.End("cleanup", 0).Settle();

        Assert.False(early);
        Assert.Equal((false, ""), (cleanup.Owned, cleanup.SpecHash));
        Assert.Contains("--uid", cleanup.Arguments);
        Assert.Contains("s3://models/codeparrot", cleanup.Arguments);
        Assert.True(world.Gone);
        Assert.False(world.Around.HasArtifacts);
        Assert.DoesNotContain(world.Pods, p => p.Stage == TaskNames.Cleanup);
        Assert.Contains(world.Events, e => e.Reason == ConditionReasons.ArtifactsDeleted);
    }

    [Fact]
    public void Without_the_finalizer_the_pods_are_stopped_and_nothing_is_begun()
    {
        var world = new World().ToTraining();
        var deleted = world.Observe() with
        {
            Run = world.Run with { Metadata = world.Run.Metadata with { DeletionTimestamp = world.Now } },
        };

        var stop = new Planner().Plan(deleted);
        var wait = new Planner().Plan(deleted with { Pods = [] });

        Assert.Equal(2, stop.Actions.OfType<DeletePod>().Count());
        Assert.Empty(wait.Actions);
    }

    [Fact]
    public void Three_failed_tries_leave_the_objects_behind_and_name_them()
    {
        var world = new World(Retain).ToTraining().Delete().Settle().End("train", 137).Settle();

        for (var i = 0; i < 3; i++)
        {
            world.End("cleanup", 42, new TerminationMessage { Message = "no bucket" }).Settle();
        }

        var warning = Assert.Single(world.Events, e => e.Reason == ConditionReasons.ArtifactsLeft);
        Assert.True(warning.Warning);
        Assert.Contains("runs/default/small", warning.Message, StringComparison.Ordinal);
        Assert.Contains("no bucket", warning.Message, StringComparison.Ordinal);
        Assert.Equal((true, 3), (world.Gone, world.Status.Cleanup!.Tries));
        Assert.Empty(world.Living);
    }

    [Fact]
    public void A_pod_that_never_starts_because_its_secret_is_gone_is_given_up()
    {
        var world = new World(Retain).ToTraining().Delete().Settle().End("train", 137).Settle();

        for (var i = 0; i < 3; i++)
        {
            world.Change("cleanup", p => p with { Phase = Core.Observation.PodPhase.Pending, Scheduled = true });
            world.Advance(121).Settle().End("cleanup", 137).Settle();
        }

        Assert.True(world.Gone);
        Assert.True(world.Around.HasArtifacts);
    }

    [Fact]
    public void A_pod_that_cannot_be_made_is_given_up()
    {
        var world = new World(Retain).ToTraining().Delete().Settle();
        world.Around.NamespaceTerminating = true;

        world.End("train", 137).Settle();

        Assert.True(world.Gone);
        Assert.Contains(world.Events, e => e.Reason == ConditionReasons.ArtifactsLeft);
    }

    [Fact]
    public void The_annotation_leaves_the_objects_behind()
    {
        var world = new World(Retain).ToTraining().Annotate(AnnotationNames.SkipCleanup, "true");

        world.Delete().Settle().End("train", 137).Settle();

        Assert.True(world.Gone);
        Assert.Contains(world.Events, e => e.Message.Contains(AnnotationNames.SkipCleanup, StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_never_began_has_nothing_to_delete()
    {
        var world = new World(Retain, "store.uri=").Settle().Delete().Settle();

        Assert.True(world.Gone);
        Assert.Empty(world.Pods);
    }

    [Fact]
    public void A_run_with_a_broken_spec_is_deleted_like_any_other()
    {
        var world = new World(Retain).ToTraining();
        world.Edit(s => s with { Training = s.Training with { MaxSteps = 0 } }).Settle();

        world.Delete().Settle().End("train", 137).Settle().End("cleanup", 0).Settle();

        Assert.True(world.Gone);
        Assert.False(world.Around.HasArtifacts);
    }

    [Fact]
    public void The_cleanup_s_command_needs_no_file()
    {
        var world = new World(Retain).ToTraining().Delete().Settle().End("train", 137).Settle();

        var words = PodCommand.Arguments(world.Around.SpecOf(Assert.Single(world.Living).Name), "/run.yaml");

        Assert.Equal(["launch", "--", "store", "delete", "--run", "default/small"], words.Take(6));
        Assert.DoesNotContain("/run.yaml", words);
    }
}
