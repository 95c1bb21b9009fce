using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Runs that take too long over something.</summary>
internal static class DeadlineStories
{
    public static async Task A_gang_without_steps_is_started_again(Scene scene)
    {
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "stallTimeout": "2s" } }""",
            PodScript.Except(
                p => p is { Stage: StageNames.Train, Attempt: 1 },
                async p =>
                {
                    await p.StartAsync();
                    await p.Gang.Complete.WaitAsync(p.Playing);
                    if (p.PodIndex == 0)
                    {
                        var told = Trainers.Progress(p, 100);
                        RankProgress[] ranks =
                        [
                            told.Ranks[0],
                            told.Ranks[0] with
                            {
                                Rank = 1,
                                Step = 99,
                                State = "Waiting",
                            },
                        ];
                        await p.TellAsync(told with { Ranks = ranks });
                    }

                    await Task.Delay(Timeout.InfiniteTimeSpan, p.Playing);
                }
            )
        );

        await run.UntilAsync(r => r.Status.Attempt == 2 && r.Status.Phase == RunPhase.Running, "running again");

        var stalled = run.States.First(s => s.Status.Condition(ConditionTypes.Stalled)?.Status == RunCondition.True);
        Assert.Equal(ConditionReasons.NoStep, stalled.Status.Condition(ConditionTypes.Stalled)!.Reason);
        Assert.Equal((1, "small-train-a1-1"), (stalled.Status.LastFailure!.Rank, stalled.Status.LastFailure.Pod));
        Assert.Contains("slowest is rank 1", await run.EventAsync(ConditionTypes.Stalled), StringComparison.Ordinal);
        var moves = run.States.Last().Status.Condition(ConditionTypes.Stalled)!;
        Assert.Equal((RunCondition.False, ConditionReasons.StepMade), (moves.Status, moves.Reason));
    }

    public static async Task A_gang_that_does_not_begin_is_started_again(Scene scene)
    {
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "startupDeadline": "2s" } }""",
            PodScript.Except(
                p => p is { Stage: StageNames.Train, Attempt: 1 },
                async p =>
                {
                    await p.ScheduleAsync();
                    await p.WaitAsync("ImagePullBackOff");
                    await Task.Delay(Timeout.InfiniteTimeSpan, p.Playing);
                }
            )
        );

        var done = await run.UntilAsync(r => r.Status.Attempt > 1 && r.Status.Phase == RunPhase.Succeeded, "Succeeded");

        var first = done.Status.Attempts.First(a => a.Number == 1);
        Assert.Equal(ConditionReasons.StartupTimeout, first.Reason);
        Assert.Contains("ImagePullBackOff", await run.EventAsync(ConditionTypes.Stalled), StringComparison.Ordinal);
    }

    public static async Task The_startup_clock_stands_still_without_a_node(Scene scene)
    {
        var let = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "startupDeadline": "1s" } }""",
            PodScript.Except(
                p => p is { Stage: StageNames.Train, PodIndex: 1, Attempt: 1 },
                async p =>
                {
                    await let.Task.WaitAsync(p.Playing);
                    await Trainers.WorkAsync(p);
                }
            )
        );
        await run.PodAsync(StageNames.Train, 1, 1);

        // Another run of the same deadline, begun later, has waited it out.
        var other = await scene.CreateAsync(
            """{ "failurePolicy": { "startupDeadline": "1s" } }""",
            PodScript.Except(
                p => p is { Stage: StageNames.Train, Attempt: 1 },
                async p =>
                {
                    await p.ScheduleAsync();
                    await Task.Delay(Timeout.InfiniteTimeSpan, p.Playing);
                }
            )
        );
        await other.UntilAsync(r => r.Status.Attempt == 2, "in its second attempt");

        Assert.Equal(1, run.States.Last().Status.Attempt);
        Assert.Equal(RunCondition.False, run.States.Last().Status.Condition(ConditionTypes.Scheduled)!.Status);
        let.SetResult();
        await run.UntilAsync(RunPhase.Succeeded);
    }

    public static async Task A_run_that_takes_too_long_in_all_fails(Scene scene)
    {
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "totalDeadline": "4s" } }""",
            new PodScript(Trainers.TrainUpTo(100))
        );

        var failed = await run.UntilAsync(RunPhase.Failed);

        Assert.Equal(ConditionReasons.DeadlineExceeded, failed.Status.Condition(ConditionTypes.Failed)!.Reason);
        await Scene.UntilAsync(async () => (await run.ObjectsAsync("api/v1", "pods")).Count == 0, "its pods are gone");
    }
}
