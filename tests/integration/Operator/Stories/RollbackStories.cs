using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Ways back to a checkpoint.</summary>
internal static class RollbackStories
{
    public static async Task A_patch_takes_a_run_back_on_a_new_branch(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: PodScript.Except(p => p is { Stage: StageNames.Train, Attempt: 1 }, Trainers.TrainUpTo(200))
        );
        await run.UntilAsync(r => r.Status.LatestCheckpoint == "step-000000200-a1", "at step 200");

        await run.PatchAsync("""{ "rollback": { "toStep": 100, "skipSteps": 7 } }""");

        var done = await run.UntilAsync(r => r.Status is { Attempt: 2, Phase: RunPhase.Succeeded }, "Succeeded");
        Assert.Equal("b2", done.Status.Branch);
        Assert.Equal("b2/step-000000300-a2", done.Status.Published);
        // Nothing is deleted: the step that was left is known still.
        Assert.Contains(done.Status.Checkpoints, c => c is { Branch: "b1", Step: 200 });
        var condition = done.Status.Condition(ConditionTypes.RolledBack)!;
        Assert.Equal((RunCondition.True, ConditionReasons.RollbackStarted), (condition.Status, condition.Reason));
        Assert.Equal(
            (ConditionReasons.RollbackStarted, 2),
            (done.Status.Rollback!.Result, done.Status.Rollback.Attempt)
        );
        Assert.Equal(0, done.Status.Restarts);
        foreach (var pod in run.PodsOf(StageNames.Train, 2))
        {
            Assert.Equal("b1/step-000000100-a1", pod.Environment[EnvironmentNames.StartFrom]);
            Assert.Equal("7", pod.Environment[EnvironmentNames.SkipSteps]);
            Assert.Equal("b2", pod.Environment[EnvironmentNames.Branch]);
        }

        await run.EventAsync(ConditionReasons.RollbackStarted);
    }

    public static async Task A_finished_run_can_be_taken_back(Scene scene)
    {
        var run = await scene.CreateAsync();
        await run.UntilAsync(RunPhase.Succeeded);

        await run.PatchAsync("""{ "rollback": { "toStep": 200 } }""");

        var done = await run.UntilAsync(r => r.Status is { Attempt: 2, Phase: RunPhase.Succeeded }, "Succeeded again");
        Assert.Equal("b2/step-000000300-a2", done.Status.Published);
        Assert.Contains(run.States, s => s.Status.Condition(ConditionTypes.Succeeded)?.Status == RunCondition.False);
        Assert.Empty(run.PodsOf(StageNames.Corpus, 2));
    }

    public static async Task A_rollback_that_a_run_is_made_with_is_not_acted_on(Scene scene)
    {
        var run = await scene.CreateAsync("""{ "rollback": { "toStep": 100 } }""");

        var done = await run.UntilAsync(RunPhase.Succeeded);

        var condition = done.Status.Condition(ConditionTypes.RolledBack)!;
        Assert.Equal((RunCondition.False, ConditionReasons.RollbackAtCreation), (condition.Status, condition.Reason));
        Assert.Equal((1, "b1"), (done.Status.Attempt, done.Status.Branch));

        await run.PatchAsync("""{ "rollback": { "toStep": 100, "nonce": "again" } }""");
        var again = await run.UntilAsync(r => r.Status is { Attempt: 2, Phase: RunPhase.Succeeded }, "rolled back");
        Assert.Equal(RunCondition.True, again.Status.Condition(ConditionTypes.RolledBack)!.Status);
    }

    public static async Task A_rollback_to_a_step_that_is_not_there_changes_nothing(Scene scene)
    {
        var run = await scene.CreateAsync(script: new PodScript(Trainers.TrainUpTo(100)));
        await run.UntilAsync(r => r.Status.LatestCheckpoint.Length > 0, "at a checkpoint");

        await run.PatchAsync("""{ "rollback": { "toStep": 150 } }""");

        var refused = await run.UntilAsync(
            ConditionTypes.RolledBack,
            RunCondition.False,
            ConditionReasons.CheckpointMissing
        );
        Assert.Contains(
            "those of steps 100",
            refused.Status.Condition(ConditionTypes.RolledBack)!.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            (1, "b1", RunPhase.Running),
            (refused.Status.Attempt, refused.Status.Branch, refused.Status.Phase)
        );
        Assert.All(run.PodsOf(StageNames.Train, 1), p => Assert.False(p.StopAsked.IsCompleted));
    }

    public static async Task A_rollback_to_what_retention_deleted_is_refused(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: PodScript.Except(p => p is { Stage: StageNames.Train, Attempt: 1 }, Trainers.KeepTheLastOf(200))
        );
        await run.UntilAsync(
            r => r.Status.Checkpoints is [{ Step: 200 }] && r.Status.Attempt == 1,
            "told that step 100 is deleted"
        );

        await run.PatchAsync("""{ "rollback": { "toStep": 100 } }""");

        var refused = await run.UntilAsync(
            ConditionTypes.RolledBack,
            RunCondition.False,
            ConditionReasons.CheckpointMissing
        );
        Assert.Contains(
            "those of steps 200",
            refused.Status.Condition(ConditionTypes.RolledBack)!.Message,
            StringComparison.Ordinal
        );
        Assert.Equal((1, RunPhase.Running), (refused.Status.Attempt, refused.Status.Phase));
        await run.PatchAsync("""{ "rollback": { "toStep": 200 } }""");
        var done = await run.UntilAsync(r => r.Status is { Attempt: 2, Phase: RunPhase.Succeeded }, "Succeeded");
        Assert.Equal("b2", done.Status.Branch);
    }

    public static async Task A_rollback_of_a_suspended_run_is_made_when_it_goes_on(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: PodScript.Except(p => p is { Stage: StageNames.Train, Attempt: 1 }, Trainers.TrainUpTo(200))
        );
        await run.UntilAsync(r => r.Status.LatestCheckpoint == "step-000000200-a1", "at step 200");
        await run.PatchAsync("""{ "suspend": true }""");
        await run.UntilAsync(RunPhase.Suspended);

        await run.PatchAsync("""{ "rollback": { "toStep": 100 } }""");
        await run.UntilAsync(
            r =>
                r.Status.Condition(ConditionTypes.RolledBack)?.Status == RunCondition.True
                && r.Status.Phase == RunPhase.Suspended,
            "recorded under suspend"
        );
        Assert.Empty(run.PodsOf(StageNames.Train, 2));
        await run.PatchAsync("""{ "suspend": false }""");

        var done = await run.UntilAsync(RunPhase.Succeeded);
        Assert.Equal(
            "b1/step-000000100-a1",
            run.PodsOf(StageNames.Train, 2)[0].Environment[EnvironmentNames.StartFrom]
        );
        Assert.Equal("b2", done.Status.Branch);
    }
}
