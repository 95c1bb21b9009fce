using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Promotion;

public sealed class PromotionPolicyTests
{
    private const string Ten = "b1/step-000000010-a1";

    [Fact]
    public void Promotes_beside_a_living_attempt()
    {
        var world = Trained();

        Promote(world, Ten).Settle();
        var pod = world.Around.SpecOf("small-promote-uid-1-1");
        world.End("promote", 0, Published(Ten)).Settle();

        Assert.Equal(
            ["launch", "--", "store", "promote", "--checkpoint", Ten, "--spec", "f"],
            PodCommand.Arguments(pod, "f")
        );
        Assert.Equal((Ten, ConditionReasons.Promoted), (world.Status.Published, world.Status.Promotion!.Result));
        Assert.Equal((2, RunPhase.Running), (world.Living.Count(), world.Status.Phase));
        Assert.DoesNotContain(world.Pods, p => p.Stage == TaskNames.Promote);
        Assert.Contains(world.Events, e => e is { Warning: false, Reason: ConditionReasons.Promoted });
    }

    [Fact]
    public void Promotes_after_the_end_too_and_again_for_each_change()
    {
        var world = Trained().Succeed("train").Succeed("evaluate").Succeed("publish");

        Promote(world, Ten).Settle().End("promote", 0, Published(Ten)).Settle();
        Promote(world, "b1/step-000000020-a1").Settle().End("promote", 0).Settle();
        Promote(world, Ten).Settle().End("promote", 0).Settle();

        Assert.Equal((Ten, 3), (world.Status.Published, world.Status.Promotion!.Number));
        Assert.Equal(RunPhase.Succeeded, world.Status.Phase);
        Assert.True(world.Step().Finished);
    }

    [Fact]
    public void The_run_s_end_does_not_replace_what_was_promoted()
    {
        var world = Promote(Trained(), Ten).Settle().End("promote", 0).Settle();

        world.Succeed("train").Succeed("evaluate");

        Assert.Equal((RunPhase.Succeeded, Ten), (world.Status.Phase, world.Around.Main));
        Assert.True(world.Status.Stages["publish"].Skipped);
    }

    [Fact]
    public void A_checkpoint_that_is_not_there_is_refused_and_promoted_once_it_comes()
    {
        var world = Promote(Trained(), "b1/step-000000030-a1").Settle();
        var missing = new TerminationMessage { Class = TerminationMessage.CheckpointMissing, Message = "no such" };
        world.End("promote", 2, missing).Settle();
        var refused = world.Status.Promotion!;

        world.Report(30, Runs.Checkpoint(30)).Settle().End("promote", 0).Settle();

        Assert.Equal((ConditionReasons.CheckpointMissing, "no such"), (refused.Result, refused.Message));
        Assert.Equal(ConditionReasons.Promoted, world.Status.Promotion!.Result);
    }

    [Fact]
    public void One_that_was_deleted_is_tried_once_and_named_no_more()
    {
        var world = Promote(Trained(), Ten).Settle();
        var missing = new TerminationMessage { Class = TerminationMessage.CheckpointMissing, Message = "no such" };

        world.End("promote", 2, missing).Settle();
        // Rank 0 does not know it yet.
        world.Report(25, Runs.Checkpoint(10)).Settle();

        Assert.Equal(
            (ConditionReasons.CheckpointDeleted, 1),
            (world.Status.Promotion!.Result, world.Status.Promotion.Number)
        );
        Assert.DoesNotContain(world.Status.Checkpoints, c => c.Step == 10);
    }

    [Fact]
    public void A_name_that_is_there_at_creation_waits_for_the_first_checkpoint()
    {
        var world = new World($"publish.promote={Ten}").ToTraining();
        var before = world.Status.Promotion;

        world.Report(10, Runs.Checkpoint(10)).Settle();

        Assert.Null(before);
        Assert.Equal(Ten, world.Status.Promotion!.Value);
    }

    [Fact]
    public void A_store_that_does_not_answer_is_asked_three_times()
    {
        var world = Promote(Trained(), Ten).Settle();
        for (var i = 0; i < 3; i++)
        {
            world.End("promote", 42).Settle();
        }

        Assert.Equal(ConditionReasons.PromotionFailed, world.Status.Promotion!.Result);
        Assert.Equal(2, world.Living.Count());
        Assert.Contains(world.Events, e => e is { Warning: true, Reason: ConditionReasons.PromotionFailed });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pod_that_gets_no_node_is_given_up_and_holds_nothing_up(bool isOver)
    {
        var world = Trained();
        if (isOver)
        {
            world.Succeed("train").Succeed("evaluate").Succeed("publish");
        }

        world.Edit(s => s with { TtlAfterFinished = TimeSpan.FromHours(1) }).HasRoom = false;
        Promote(world, Ten).Settle();
        var wait = world.Step().Requeue;
        world.Advance(12 * 60).Settle();

        Assert.InRange(wait!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(12));
        Assert.Equal(ConditionReasons.PromotionFailed, world.Status.Promotion!.Result);
        Assert.Contains("no node", world.Status.Promotion.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Pods, p => p.Stage == TaskNames.Promote);
        Assert.Contains(world.Events, e => e is { Warning: true, Reason: ConditionReasons.PromotionFailed });
        world.MakeRoom();
        Promote(world, "b1/step-000000020-a1").Settle().End("promote", 0).Settle();
        Assert.Equal(ConditionReasons.Promoted, world.Status.Promotion!.Result);
        if (isOver)
        {
            world.Advance(3600).Settle();
            Assert.True(world.Gone);
        }
    }

    [Fact]
    public void The_same_checkpoint_is_promoted_again_after_a_rule_stood_in_between()
    {
        var world = Promote(Trained(), Ten).Settle().End("promote", 0).Settle();

        Promote(world, PublishSpec.OnSuccess).Settle();
        Promote(world, Ten).Settle();

        Assert.Equal(
            (2, ConditionReasons.PromotionStarted),
            (world.Status.Promotion!.Number, world.Status.Promotion.Result)
        );
    }

    [Fact]
    public void The_publish_stage_names_no_checkpoint_whatever_its_snapshot_says()
    {
        var world = Trained().Succeed("train").Succeed("evaluate");

        var pod = world.Around.SpecOf("small-publish-a1-0");

        Assert.Equal(["--set", "publish.promote=OnSuccess"], pod.Arguments);
    }

    [Fact]
    public void Goes_on_under_suspend()
    {
        var world = Trained().Edit(s => s with { Suspend = true }).Settle().End("train", 75).Settle();

        Promote(world, Ten).Settle().End("promote", 0).Settle();

        Assert.Equal((RunPhase.Suspended, Ten), (world.Status.Phase, world.Status.Published));
    }

    private static World Trained()
    {
        var world = new World().ToTraining();
        world.Report(10, Runs.Checkpoint(10)).Settle();
        return world.Report(20, Runs.Checkpoint(20)).Settle();
    }

    private static World Promote(World world, string value) =>
        world.Edit(s => s with { Publish = new PublishSpec { Promote = value } });

    private static TerminationMessage Published(string key) =>
        new() { Outputs = new Dictionary<string, string> { ["published"] = key } };
}
