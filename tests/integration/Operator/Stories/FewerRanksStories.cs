using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Gangs that go on with fewer ranks where there is no room for all (<c>workers.minCount</c>).</summary>
internal static class FewerRanksStories
{
    public static async Task Ranks_that_find_no_node_are_done_without_and_one_that_is_lost_too(Scene scene)
    {
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "recovery": "Peers" }, "workers": { "count": 4, "minCount": 2 } }""",
            PodScript.Except(p => p.Stage == StageNames.Train, PlayAsync)
        );

        var done = await run.UntilAsync(RunPhase.Succeeded);

        Assert.Equal((1, 1, 2), (done.Status.Attempt, done.Status.Restarts, done.Status.Gang.MinPods));
        Assert.Equal(["3/4", "2/4"], Ready(run).Distinct());
        var notes = (await run.EventsAsync()).Where(e => e.Reason == "Training").Select(e => e.Note);
        Assert.Contains("attempt 1 makes steps with 3 of 4 ranks", notes);
        var pods = run.PodsOf(StageNames.Train, 1).OrderBy(p => p.PodIndex).ThenBy(p => p.Generation).ToList();
        Assert.Equal([(0, 0), (1, 0), (2, 0), (2, 1), (3, 0)], pods.Select(p => (p.PodIndex, p.Generation)));
        await Scene.UntilAsync(
            async () => (await run.ObjectsAsync("api/v1", "pods")).Count == 0,
            "pods that never ran are gone too"
        );
    }

    // Ready ranks while steps were made.
    private static IEnumerable<string> Ready(FollowedRun run) =>
        run
            .States.Where(s => s.Status is { Phase: RunPhase.Running, Workers: not null } && IsShown(s.Status))
            .Select(s => s.Status.Workers!.Summary);

    private static bool IsShown(RunStatus status) =>
        status.Condition(ConditionTypes.Running) is { Status: RunCondition.True, Reason: ConditionReasons.FewerPods };

    private static async Task PlayAsync(WrittenPod pod)
    {
        if (pod.PodIndex == 3 || pod.Generation > 0)
        {
            // No scheduler has a node for it.
            await Task.Delay(Timeout.InfiniteTimeSpan, pod.Playing);
        }

        await pod.StartAsync();
        switch (pod.PodIndex)
        {
            case 0:
                await LeadAsync(pod);
                break;
            case 1:
                await pod.Gang.Done.WaitAsync(pod.Playing);
                break;
            default:
                await pod.KnownAsync(s => s is { Phase: RunPhase.Running, Checkpoints.Count: > 0 });
                await pod.EndAsync(137, reason: "OOMKilled");
                return;
        }

        await pod.EndAsync(0, new TerminationMessage { Step = Trainers.MaxSteps });
    }

    private static async Task LeadAsync(WrittenPod pod)
    {
        await pod.KnownAsync(s => s.Workers?.Ready == 3 && IsShown(s));
        await pod.TellAsync(Trainers.Progress(pod, 100));
        // As soon as that is known, a rank is lost.
        await pod.KnownAsync(s => s.Gang is { Generation: 1, Replacing.Count: 0, ScheduledAt: not null });
        await MakeStepsAsync(pod, upTo: 200);
        await pod.KnownAsync(s => s is { Phase: RunPhase.Running, Workers.Ready: 2 } && IsShown(s));
        await MakeStepsAsync(pod, upTo: Trainers.MaxSteps);
        pod.Gang.Finish();
    }

    private static async Task MakeStepsAsync(WrittenPod pod, long upTo)
    {
        await pod.TellAsync(Trainers.Progress(pod, upTo));
        var name = Trainers.Checkpoint(pod, upTo).Name;
        await pod.KnownAsync(s => s.Phase == RunPhase.Running && s.Checkpoints.Any(c => c.Name == name));
    }
}
