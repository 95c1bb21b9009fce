using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>What a user asks of a run while it is there: suspend, promote, time to live.</summary>
internal static class ControlStories
{
    public static async Task A_suspended_run_stops_and_goes_on_where_it_was(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: PodScript.Except(p => p is { Stage: StageNames.Train, Attempt: 1 }, Trainers.TrainUpTo(100))
        );
        await run.UntilAsync(r => r.Status.LatestCheckpoint.Length > 0, "at a checkpoint");

        await run.PatchAsync("""{ "suspend": true }""");

        var suspended = await run.UntilAsync(RunPhase.Suspended);
        // What ended well before is kept for its logs.
        var left = await run.ObjectsAsync("api/v1", "pods");
        Assert.DoesNotContain(left, p => (string)p["status"]!["phase"]! is "Running" or "Pending");
        Assert.Equal(ConditionReasons.Suspended, suspended.Status.Attempts[^1].Reason);
        Assert.Null(suspended.Status.Workers);
        Assert.Equal(0, suspended.Status.Restarts);

        await run.PatchAsync("""{ "suspend": false }""");

        var done = await run.UntilAsync(RunPhase.Succeeded);
        Assert.Equal((2, 0), (done.Status.Attempt, done.Status.Budget.Counted));
        Assert.Equal("b1", done.Status.Branch);
        Assert.Empty(run.PodsOf(StageNames.Corpus, 2));
    }

    public static async Task A_run_that_is_made_suspended_waits(Scene scene)
    {
        var run = await scene.CreateAsync("""{ "suspend": true }""");

        await run.UntilAsync(RunPhase.Suspended);
        Assert.Empty(run.Pods);
        await run.PatchAsync("""{ "suspend": false }""");

        Assert.Equal(1, (await run.UntilAsync(RunPhase.Succeeded)).Status.Attempt);
    }

    public static async Task A_checkpoint_is_published_by_its_name(Scene scene)
    {
        var run = await scene.CreateAsync("""{ "publish": { "promote": "Never" } }""");
        var done = await run.UntilAsync(RunPhase.Succeeded);
        Assert.Equal("", done.Status.Published);
        Assert.True(done.Status.Stages[StageNames.Publish].Skipped);

        await run.PatchAsync("""{ "publish": { "promote": "b1/step-000000200-a1" } }""");

        var promoted = await run.UntilAsync(r => r.Status.Promotion?.Result == ConditionReasons.Promoted, "promoted");
        Assert.Equal("b1/step-000000200-a1", promoted.Status.Published);
        Assert.Equal(RunPhase.Succeeded, promoted.Status.Phase);
        await run.EventAsync(ConditionReasons.Promoted);
        await Scene.UntilAsync(async () => (await run.ObjectsAsync("api/v1", "pods")).Count == 0, "its pod is gone");
    }

    public static async Task A_run_goes_when_its_time_to_live_is_over(Scene scene)
    {
        var run = await scene.CreateAsync("""{ "ttlAfterFinished": "1s" }""");

        await run.UntilGoneAsync();

        Assert.Contains(RunPhase.Succeeded, run.Phases);
        await scene.Api.WaitForAbsenceAsync($"api/v1/namespaces/{run.Namespace}/services/small-pods");
    }
}
