using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Ends of runs that are deleted.</summary>
internal static class DeletionStories
{
    private const string NotKept = """{ "retainArtifacts": false }""";

    public static async Task What_a_run_left_in_the_store_goes_before_it(Scene scene)
    {
        var run = await scene.CreateAsync(NotKept, new PodScript(Trainers.TrainUpTo(100)));
        var running = await run.UntilAsync(RunPhase.Running);
        Assert.Contains(FinalizerNames.Artifacts, running.Metadata.Finalizers);

        await run.DeleteAsync();

        await run.UntilGoneAsync();
        var cleanup = Assert.Single(run.Pods, p => p.Stage == TaskNames.Cleanup);
        Assert.Null(cleanup.Created["metadata"]!["ownerReferences"]);
        Assert.NotNull(cleanup.Created["spec"]!["activeDeadlineSeconds"]);
        Assert.Contains($"{run.Namespace}/small", cleanup.Arguments);
        Assert.Contains("s3://models/stories", cleanup.Arguments);
        var trained = run.PodsOf(StageNames.Train, 1);
        Assert.All(trained, p => Assert.True(p.EndedAtVersion < cleanup.CreatedAtVersion, $"{p.Name} lived on"));
        await run.EventAsync(ConditionReasons.ArtifactsDeleted);
        await scene.Api.WaitForAbsenceAsync($"api/v1/namespaces/{run.Namespace}/pods/{cleanup.Name}");
    }

    public static async Task A_cleanup_that_fails_three_times_says_what_is_left(Scene scene)
    {
        var run = await scene.CreateAsync(
            NotKept,
            PodScript.Except(
                p => p.Stage == TaskNames.Cleanup,
                async p =>
                {
                    await p.StartAsync();
                    await p.EndAsync(
                        (int)ExitCode.StoreUnreachable,
                        new TerminationMessage { Message = "no such bucket" }
                    );
                }
            )
        );
        await run.UntilAsync(RunPhase.Succeeded);

        await run.DeleteAsync();

        await run.UntilGoneAsync();
        Assert.Equal(3, run.Pods.Count(p => p.Stage == TaskNames.Cleanup));
        var said = await run.EventAsync(ConditionReasons.ArtifactsLeft);
        Assert.Contains($"runs/{run.Namespace}/small", said, StringComparison.Ordinal);
        Assert.Contains("no such bucket", said, StringComparison.Ordinal);
    }

    public static async Task An_annotation_lets_the_objects_be_left(Scene scene)
    {
        var run = await scene.CreateAsync(
            NotKept,
            PodScript.Except(p => p.Stage == TaskNames.Cleanup, p => Task.Delay(Timeout.InfiniteTimeSpan, p.Playing))
        );
        await run.UntilAsync(RunPhase.Succeeded);
        await run.DeleteAsync();
        await run.UntilAsync(_ => run.Pods.Any(p => p.Stage == TaskNames.Cleanup), "cleaning up");

        await run.AnnotateAsync(AnnotationNames.SkipCleanup, "true");

        await run.UntilGoneAsync();
        Assert.Contains(
            AnnotationNames.SkipCleanup,
            await run.EventAsync(ConditionReasons.ArtifactsLeft),
            StringComparison.Ordinal
        );
    }

    public static async Task Keeping_the_artifacts_after_all_takes_the_finalizer_off(Scene scene)
    {
        var run = await scene.CreateAsync(NotKept);
        await run.UntilAsync(r => r.Metadata.Finalizers.Contains(FinalizerNames.Artifacts), "held");

        await run.PatchAsync("""{ "retainArtifacts": true }""");

        await run.UntilAsync(r => r.Metadata.Finalizers.Count == 0, "free");
        await run.UntilAsync(RunPhase.Succeeded);
        await run.DeleteAsync();
        await run.UntilGoneAsync();
        Assert.DoesNotContain(run.Pods, p => p.Stage == TaskNames.Cleanup);
    }

    public static async Task A_deletion_in_the_foreground_ends(Scene scene)
    {
        var run = await scene.CreateAsync(NotKept, new PodScript(Trainers.TrainUpTo(100)));
        await run.UntilAsync(RunPhase.Running);

        await run.DeleteAsync("Foreground");

        await run.UntilGoneAsync();
        Assert.Single(run.Pods, p => p.Stage == TaskNames.Cleanup);
        Assert.All(run.Pods, p => Assert.NotNull(p.EndedAtVersion));
    }

    public static async Task A_run_whose_artifacts_stay_goes_with_its_pods(Scene scene)
    {
        var run = await scene.CreateAsync(script: new PodScript(Trainers.TrainUpTo(100)));
        await run.UntilAsync(RunPhase.Running);

        await run.DeleteAsync("Foreground");

        await run.UntilGoneAsync();
        await Scene.UntilAsync(async () => (await run.ObjectsAsync("api/v1", "pods")).Count == 0, "its pods are gone");
        // They were stopped as trainers want to be: the last checkpoint is worth something.
        Assert.All(run.PodsOf(StageNames.Train, 1), p => Assert.NotNull(p.EndedAtVersion));
    }
}
