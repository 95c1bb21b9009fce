using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Specs with mistakes that the definition alone does not refuse on this server, which knows no CEL.</summary>
internal static class AcceptStories
{
    public static async Task Every_mistake_of_a_spec_is_listed(Scene scene)
    {
        var run = await scene.CreateAsync(
            """
            { "store": { "uri": "" }, "model": { "heads": 3 }, "workers": { "count": 3, "gpusPerPod": 2 },
              "training": { "schedule": { "warmupSteps": 900 } } }
            """
        );

        var refused = await run.UntilAsync(ConditionTypes.Accepted, RunCondition.False, ConditionReasons.InvalidSpec);

        var message = refused.Status.Condition(ConditionTypes.Accepted)!.Message;
        string[] fields =
        [
            "spec.store.uri",
            "spec.model",
            "spec.workers",
            "spec.training.schedule.warmupSteps: must be between 0 and maxSteps (300), was 900",
        ];
        Assert.All(fields, f => Assert.Contains(f, message, StringComparison.Ordinal));
        Assert.Equal(RunPhase.Pending, refused.Status.Phase);
        Assert.Contains("spec.store.uri", await run.EventAsync(ConditionReasons.InvalidSpec), StringComparison.Ordinal);
        Assert.Empty(run.Pods);

        await run.PatchAsync(
            """
            { "store": { "uri": "s3://models/mended" }, "model": { "heads": 2 }, "workers": { "count": 2 },
              "training": { "schedule": { "warmupSteps": 10 } } }
            """
        );
        await run.UntilAsync(RunPhase.Succeeded);
    }

    public static async Task A_run_that_cannot_be_read_says_so(Scene scene)
    {
        var run = await scene.CreateAsync("""{ "failurePolicy": { "totalDeadline": "99999999999999999999h" } }""");

        await Scene.UntilAsync(
            async () => (await scene.Api.GetAsync(run.Path)).Body["status"]?["conditions"] is JsonArray { Count: 1 },
            "a condition says why nothing happens"
        );

        var condition = (await scene.Api.GetAsync(run.Path)).Body["status"]!["conditions"]![0]!;
        Assert.Equal(
            (ConditionTypes.Accepted, RunCondition.False),
            ((string)condition["type"]!, (string)condition["status"]!)
        );
        Assert.Contains("99999999999999999999h", (string)condition["message"]!, StringComparison.Ordinal);
        Assert.Empty(run.Pods);
    }

    public static async Task An_edit_of_what_the_weights_mean_is_refused_until_it_is_taken_back(Scene scene)
    {
        var run = await scene.CreateAsync(script: new PodScript(Trainers.TrainUpTo(100)));
        await run.UntilAsync(RunPhase.Running);

        await run.PatchAsync("""{ "training": { "batchSize": 99 } }""");

        var refused = await run.UntilAsync(
            ConditionTypes.Accepted,
            RunCondition.False,
            ConditionReasons.IdentityChanged
        );
        var message = refused.Status.Condition(ConditionTypes.Accepted)!.Message;
        Assert.Contains("spec.training.batchSize", message, StringComparison.Ordinal);
        Assert.Contains("put them back", message, StringComparison.Ordinal);
        Assert.Equal((RunPhase.Running, 1), (refused.Status.Phase, refused.Status.Attempt));

        await run.PatchAsync("""{ "training": { "batchSize": null } }""");
        await run.UntilAsync(ConditionTypes.Accepted, RunCondition.True, ConditionReasons.Valid);
        Assert.Equal(2, run.PodsOf("train", 1).Count);
    }

    public static async Task An_edit_of_the_recipe_waits_for_the_next_attempt(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: PodScript.Except(p => p is { Stage: "train", Attempt: 1 }, Trainers.TrainUpTo(100))
        );
        await run.UntilAsync(RunPhase.Running);

        await run.PatchAsync("""{ "training": { "learningRate": 0.002 } }""");

        await run.UntilAsync(
            r => r.Status.PendingChange.Contains("attempt 2", StringComparison.Ordinal),
            "told to wait"
        );
        await run.PodsOf("train", 1)[0].EndAsync(1);
        var done = await run.UntilAsync(RunPhase.Succeeded);
        Assert.Equal(("", 2), (done.Status.PendingChange, done.Status.Attempt));
        var maps = await run.ObjectsAsync("api/v1", "configmaps");
        Assert.Equal(2, maps.Count);
        var second = maps.Single(m =>
            ((string)m["metadata"]!["name"]!).EndsWith(done.Status.SpecHash[..12], StringComparison.Ordinal)
        );
        Assert.Contains("learningRate: 0.002", second["data"]!.ToJsonString(), StringComparison.Ordinal);
    }
}
