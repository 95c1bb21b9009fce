using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Checkpoints that a user asks for.</summary>
internal static class CheckpointStories
{
    public static async Task A_checkpoint_is_taken_when_it_is_asked_for(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: PodScript.Except(p => p.Stage == StageNames.Train, Trainers.TrainUpTo(100))
        );
        var before = await run.UntilAsync(r => r.Status.LatestCheckpoint.Length > 0, "at a checkpoint");
        var pod = await run.PodAsync(StageNames.Train, 1);

        await run.PatchAsync("""{ "checkpoints": { "requestNonce": "now" } }""");
        await pod.AskedForAsync("now").WaitAsync(TimeSpan.FromMinutes(2));
        await pod.TellAsync(
            Trainers.Progress(pod, 142) with
            {
                ServedRequest = new ServedRequest("now", "b1/step-000000142-a1"),
            }
        );

        var served = await run.UntilAsync(r => r.Status.CheckpointRequest is not null, "served");
        var request = served.Status.CheckpointRequest!;
        Assert.Equal(
            ("now", "b1/step-000000142-a1", ConditionReasons.CheckpointTaken),
            (request.Nonce, request.Checkpoint, request.Result)
        );
        Assert.Equal("step-000000142-a1", served.Status.LatestCheckpoint);
        // It is read live: no attempt begins for it, and none is waited for.
        Assert.Equal(
            (1, "", before.Status.SpecHash),
            (served.Status.Attempt, served.Status.PendingChange, served.Status.SpecHash)
        );
        Assert.Contains("b1/step-000000142-a1", await run.EventAsync(ConditionReasons.CheckpointTaken));
        await pod.AskedForAsync("").WaitAsync(TimeSpan.FromMinutes(2));
        Assert.All(run.PodsOf(StageNames.Train, 1), p => Assert.False(p.StopAsked.IsCompleted));
    }

    public static async Task A_request_that_comes_too_late_is_answered_with_the_newest_checkpoint(Scene scene)
    {
        var run = await scene.CreateAsync();
        await run.UntilAsync(RunPhase.Succeeded);

        await run.PatchAsync("""{ "checkpoints": { "requestNonce": "late" } }""");

        var answered = await run.UntilAsync(r => r.Status.CheckpointRequest is not null, "answered");
        Assert.Equal(
            ("late", "b1/step-000000300-a1", ConditionReasons.TrainingOver),
            (
                answered.Status.CheckpointRequest!.Nonce,
                answered.Status.CheckpointRequest.Checkpoint,
                answered.Status.CheckpointRequest.Result
            )
        );
        Assert.Equal((1, RunPhase.Succeeded), (answered.Status.Attempt, answered.Status.Phase));
        await run.EventAsync(ConditionReasons.TrainingOver);
    }
}
