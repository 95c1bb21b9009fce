using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Ends of pods, as kubelets tell of them, and what is done about them.</summary>
internal static class FailureStories
{
    public static async Task A_failed_rank_costs_a_restart_of_the_gang(Scene scene)
    {
        var run = await scene.CreateAsync(script: FirstAttempt(p => p.PodIndex == 1, p => p.EndAsync(1)));

        var done = await run.UntilAsync(RunPhase.Succeeded);

        Assert.Equal((2, 1, 1), (done.Status.Attempt, done.Status.Restarts, done.Status.Budget.Counted));
        Assert.Equal((1, 1), (done.Status.LastFailure!.Rank, done.Status.LastFailure.ExitCode));
        Assert.Contains(RunPhase.Restarting, run.Phases);
        Assert.Equal(2, run.PodsOf(StageNames.Train, 2).Count);
        // The corpus was there already.
        Assert.Empty(run.PodsOf(StageNames.Corpus, 2));
        Assert.Contains("small-train-a1-1", await run.EventAsync("Restarting"), StringComparison.Ordinal);
    }

    public static async Task The_culprit_is_not_the_peer_that_it_took_down(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: FirstAttempt(
                _ => true,
                async p =>
                {
                    await p.Gang.Complete;
                    if (p.PodIndex == 1)
                    {
                        await p.EndAsync(
                            42,
                            new TerminationMessage
                            {
                                Rank = 1,
                                Class = "StoreUnreachable",
                                Message = "no store",
                            }
                        );
                        p.Gang.Finish();
                        return;
                    }

                    await p.EndAsync((int)ExitCode.PeerLost, new TerminationMessage { Class = "PeerLost" });
                }
            )
        );

        var done = await run.UntilAsync(RunPhase.Succeeded);

        Assert.Equal((1, 42, "no store"), Culprit(done.Status));
    }

    public static async Task A_user_s_mistake_fails_the_run_at_once(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: FirstAttempt(
                p => p.PodIndex == 0,
                p => p.EndAsync(2, new TerminationMessage { Class = "UserMistake", Message = "no such column" })
            )
        );

        var failed = await run.UntilAsync(RunPhase.Failed);

        Assert.Equal(1, failed.Status.Attempt);
        Assert.Equal(ConditionReasons.PermanentFailure, failed.Status.Condition(ConditionTypes.Failed)!.Reason);
        Assert.Contains(
            "no such column",
            await run.EventAsync(ConditionReasons.PermanentFailure),
            StringComparison.Ordinal
        );
        // The pod that failed is kept for its log.
        await Scene.UntilAsync(
            async () => (await run.ObjectsAsync("api/v1", "pods")).Count == 1,
            "only the failed pod is kept"
        );
    }

    public static async Task Restarts_without_a_checkpoint_end(Scene scene)
    {
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "maxRestarts": 2 } }""",
            PodScript.Except(p => p.Stage == StageNames.Train, Dies(_ => true, p => p.EndAsync(1)))
        );

        var failed = await run.UntilAsync(RunPhase.Failed);

        Assert.Equal((3, 2), (failed.Status.Attempt, failed.Status.Restarts));
        Assert.Equal(ConditionReasons.RestartsExhausted, failed.Status.Condition(ConditionTypes.Failed)!.Reason);
        Assert.Equal([1, 2, 3], failed.Status.Attempts.Select(a => a.Number));
        Assert.All(failed.Status.Attempts, a => Assert.NotNull(a.EndedAt));
    }

    public static async Task A_checkpoint_gives_all_restarts_back(Scene scene)
    {
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "maxRestarts": 1 } }""",
            PodScript.Except(
                p => p is { Stage: StageNames.Train, Attempt: <= 3, PodIndex: 0 },
                async p =>
                {
                    await p.StartAsync();
                    await Trainers.TrainAsync(p, 100);
                    await p.EndAsync(1);
                }
            )
        );

        var done = await run.UntilAsync(RunPhase.Succeeded);

        Assert.Equal((4, 3), (done.Status.Attempt, done.Status.Restarts));
    }

    public static async Task A_disruption_is_free(Scene scene)
    {
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "maxRestarts": 0 } }""",
            FirstAttempt(
                p => p.PodIndex == 1,
                p => p.EndAsync(143, condition: ("DisruptionTarget", "PreemptionByScheduler"))
            )
        );

        var done = await run.UntilAsync(RunPhase.Succeeded);

        Assert.Equal((2, 0, 1), (done.Status.Attempt, done.Status.Budget.Counted, done.Status.Budget.Free));
        Assert.Equal("PreemptionByScheduler", done.Status.LastFailure!.Reason);
    }

    public static async Task A_pod_that_was_out_of_memory_is_counted(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: FirstAttempt(p => p.PodIndex == 0, p => p.EndAsync(137, reason: "OOMKilled"))
        );

        var done = await run.UntilAsync(RunPhase.Succeeded);

        Assert.Equal((1, 0), (done.Status.Budget.Counted, done.Status.Budget.Free));
        Assert.Equal("OOMKilled", done.Status.LastFailure!.Reason);
    }

    public static async Task A_pod_that_used_too_much_is_counted(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: FirstAttempt(p => p.PodIndex == 0, p => p.EndAsync(137, podReason: "Evicted"))
        );

        var done = await run.UntilAsync(RunPhase.Succeeded);

        Assert.Equal((1, "Evicted"), (done.Status.Budget.Counted, done.Status.LastFailure!.Reason));
    }

    public static async Task A_gpu_fault_excludes_its_node(Scene scene)
    {
        var run = await scene.CreateAsync(
            script: PodScript.Except(
                p => p is { Stage: StageNames.Train, Attempt: 1, PodIndex: 1 },
                async p =>
                {
                    await p.StartAsync("node-bad");
                    await p.Gang.Complete;
                    await p.EndAsync((int)ExitCode.GpuFault, new TerminationMessage { Rank = 1, Class = "GpuFault" });
                }
            )
        );

        var done = await run.UntilAsync(RunPhase.Succeeded);

        Assert.Equal(["node-bad"], done.Status.ExcludedNodes);
        Assert.Equal("node-bad", done.Status.LastFailure!.Node);
        foreach (var pod in run.PodsOf(StageNames.Train, 2))
        {
            var affinity = pod.Created["spec"]!["affinity"]!["nodeAffinity"]!.ToJsonString();
            Assert.Contains("requiredDuringSchedulingIgnoredDuringExecution", affinity, StringComparison.Ordinal);
            Assert.Contains("NotIn", affinity, StringComparison.Ordinal);
            Assert.Contains("node-bad", affinity, StringComparison.Ordinal);
        }
    }

    public static async Task A_pod_that_somebody_removes_costs_a_free_restart(Scene scene)
    {
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "maxRestarts": 0 } }""",
            PodScript.Except(p => p is { Stage: StageNames.Train, Attempt: 1 }, Trainers.TrainUpTo(100))
        );
        await run.UntilAsync(RunPhase.Running);

        await run.PodsOf(StageNames.Train, 1)[1].RemoveAsync();

        var done = await run.UntilAsync(RunPhase.Succeeded);
        Assert.Equal((2, 0), (done.Status.Attempt, done.Status.Budget.Counted));
        Assert.Equal(ConditionReasons.PodVanished, done.Status.LastFailure!.Reason);
    }

    public static async Task A_lost_rank_alone_is_made_anew(Scene scene)
    {
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "recovery": "Peers" } }""",
            PodScript.Except(
                p => p is { Stage: StageNames.Train, Generation: 0 },
                async pod =>
                {
                    await pod.StartAsync();
                    await pod.Gang.Complete.WaitAsync(pod.Playing);
                    if (pod.PodIndex == 1)
                    {
                        await pod.EndAsync(137, reason: "OOMKilled");
                        return;
                    }

                    await pod.KnownAsync(s => s.Gang is { Generation: 1, Replacing.Count: 0, ScheduledAt: not null });
                    await Trainers.TrainAsync(pod, Trainers.MaxSteps);
                    await pod.EndAsync(0, new TerminationMessage { Step = Trainers.MaxSteps });
                }
            )
        );

        var done = await run.UntilAsync(RunPhase.Succeeded);

        Assert.Equal((1, 1, 1), (done.Status.Attempt, done.Status.Restarts, done.Status.Gang.Generation));
        var pods = run.PodsOf(StageNames.Train, 1).OrderBy(p => p.PodIndex).ThenBy(p => p.Generation).ToList();
        Assert.Equal([(0, 0), (1, 0), (1, 1)], pods.Select(p => (p.PodIndex, p.Generation)));
        Assert.True(pods[1].EndedAtVersion < pods[2].CreatedAtVersion, "two pods of one rank lived");
        Assert.Equal("1", (string?)pods[2].Created["metadata"]!["labels"]![LabelNames.Generation]);
        Assert.Contains("small-train-a1-1", await run.EventAsync("Replacing"), StringComparison.Ordinal);
    }

    public static async Task A_rule_of_the_user_comes_first(Scene scene)
    {
        var run = await scene.CreateAsync(
            """{ "failurePolicy": { "rules": [ { "onExitCodes": [42], "action": "Fail" } ] } }""",
            FirstAttempt(p => p.PodIndex == 0, p => p.EndAsync(42))
        );

        var failed = await run.UntilAsync(RunPhase.Failed);

        Assert.Equal(1, failed.Status.Attempt);
    }

    private static (int, int?, string) Culprit(RunStatus status) =>
        (status.LastFailure!.Rank, status.LastFailure.ExitCode, status.LastFailure.Message);

    private static PodScript FirstAttempt(Func<WrittenPod, bool> which, Func<WrittenPod, Task> end) =>
        PodScript.Except(p => p is { Stage: StageNames.Train, Attempt: 1 }, Dies(which, end));

    // Some ranks end; the others wait for them.
    private static Func<WrittenPod, Task> Dies(Func<WrittenPod, bool> which, Func<WrittenPod, Task> end) =>
        async pod =>
        {
            await pod.StartAsync();
            await pod.Gang.Complete.WaitAsync(pod.Playing);
            if (which(pod))
            {
                await end(pod);
                return;
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, pod.Playing);
        };
}
