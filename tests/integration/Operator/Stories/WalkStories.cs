using System.Net;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Operator.Kubelet;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Runs that nothing happens to.</summary>
internal static class WalkStories
{
    private const string Table = "application/json;as=Table;g=meta.k8s.io;v=v1";

    public static async Task A_run_walks_through_its_phases(Scene scene)
    {
        var run = await scene.CreateAsync();

        var done = await run.UntilAsync(RunPhase.Succeeded);

        // The first look at a run accepts it, and may be quicker than the watch of a test.
        Assert.Equal(
            [RunPhase.Preparing, RunPhase.Starting, RunPhase.Running, RunPhase.Evaluating, RunPhase.Succeeded],
            run.Phases.Where(p => p != RunPhase.Pending)
        );
        Assert.Equal((1, 0), (done.Status.Attempt, done.Status.Restarts));
        Assert.Equal("b1/step-000000300-a1", done.Status.Published);
        Assert.Equal([300L, 200, 100], done.Status.Checkpoints.Select(c => c.Step));
        Assert.Equal("corpora/abc", done.Status.Stages[StageNames.Corpus].Outputs["corpus"]);
        foreach (
            var type in new[] { ConditionTypes.Accepted, ConditionTypes.CheckpointAvailable, ConditionTypes.Succeeded }
        )
        {
            Assert.Equal((type, RunCondition.True), (type, done.Status.Condition(type)?.Status));
        }

        Assert.All(done.Status.Conditions, c => Assert.Equal(done.Metadata.Generation, c.ObservedGeneration));
        Assert.Equal(RunCondition.False, done.Status.Condition(ConditionTypes.Running)?.Status);
        var running = run.States.Where(s => s.Status.Condition(ConditionTypes.Running)?.Status == RunCondition.True);
        Assert.Contains(running, s => s.Status.Workers?.Summary == "2/2");
    }

    public static async Task Events_tell_of_transitions_once(Scene scene)
    {
        var run = await scene.CreateAsync();

        await run.UntilAsync(RunPhase.Succeeded);
        await run.EventAsync("Succeeded");

        var events = await run.EventsAsync();
        Assert.Equal(
            ["AttemptBegun", "StageBegun", "StageBegun", "Training", "StageBegun", "StageBegun", "Succeeded"],
            events.Select(e => e.Reason)
        );
        Assert.All(events, e => Assert.Equal("Normal", e.Type));
        Assert.Equal(events.Count, events.Distinct().Count());
    }

    public static async Task A_list_shows_how_far_a_run_is(Scene scene)
    {
        var run = await scene.CreateAsync(script: new PodScript(Trainers.TrainUpTo(200)));

        await run.UntilAsync(
            r => r.Status.LatestCheckpoint == "step-000000200-a1" && r.Status.Progress?.Step == 200,
            "at 200"
        );

        var table = (await scene.Api.GetAsync(JsonApi.Runs(run.Namespace), Table)).Expect(HttpStatusCode.OK).Body;
        var row = Assert.Single(table["rows"]!.AsArray())!["cells"]!.AsArray().Select(c => $"{c}").ToList();
        Assert.Equal(["small", "Running", "200", "3.8", "2/2", "0", "step-000000200-a1", "1m"], row[..^1]);
    }

    public static async Task A_run_that_is_over_causes_no_more_writes(Scene scene)
    {
        var run = await scene.CreateAsync();
        var done = await run.UntilAsync(RunPhase.Succeeded);
        await Scene.UntilAsync(async () => (await run.ObjectsAsync("api/v1", "pods")).Count == 0, "pods are cleared");
        var version = (await scene.Api.GetAsync(run.Path)).ResourceVersion;

        // What another run needs from the operator takes many passes, and as many readings of progress.
        await (await scene.CreateAsync(space: run.Namespace, name: "other")).UntilAsync(RunPhase.Succeeded);
        await scene.Api.PatchAsync(
            run.Path,
            System.Text.Json.Nodes.JsonNode.Parse("""{"metadata":{"labels":{"a":"b"}}}""")!
        );
        await (await scene.CreateAsync(space: run.Namespace, name: "third")).UntilAsync(RunPhase.Succeeded);

        var states = run.States.SkipWhile(s => s.Metadata.ResourceVersion != version).ToList();
        Assert.Equal(2, states.Count);
        Assert.Equal(done.Status.FinishedAt, states[^1].Status.FinishedAt);
    }

    public static Task The_quickstart_sample_succeeds(Scene scene) =>
        SampleAsync(
            scene,
            "quickstart",
            "workers: { count: 2 }",
            "store: { uri: s3://models/quickstart }\n  workers: { count: 2 }",
            2
        );

    public static Task The_codeparrot_small_sample_succeeds(Scene scene) =>
        SampleAsync(scene, "codeparrot-small", "", "", 16);

    public static Task The_codeparrot_sample_succeeds(Scene scene) => SampleAsync(scene, "codeparrot", "", "", 16);

    // Only a cluster wants a store to be named, and the quickstart is for one machine.
    private static async Task SampleAsync(Scene scene, string sample, string old, string with, int ranks)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Programs.Root, "crds", "samples", sample + ".yaml"));
        text = old.Length > 0 ? text.Replace(old, with, StringComparison.Ordinal) : text;

        var run = await scene.CreateFromYamlAsync(text, sample, PodScript.Obliging);

        await run.UntilAsync(RunPhase.Succeeded);
        Assert.Equal(Enumerable.Range(0, ranks), run.PodsOf(StageNames.Train, 1).Select(p => p.PodIndex));
    }
}
