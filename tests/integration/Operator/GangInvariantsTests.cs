using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;
using Xunit.Sdk;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>Histories with a bug in them: the invariants are worth what they see.</summary>
public sealed class GangInvariantsTests
{
    [Fact]
    public void One_attempt_behind_another_is_right()
    {
        GangInvariants.Check([Pod(1, 0, 10, 20), Pod(1, 1, 11, 21), Pod(2, 0, 22, null), Pod(2, 1, 23, null)]);
        GangInvariants.CheckCounters([State(1, 0), State(1, 1), State(2, 1)]);
    }

    [Fact]
    public void A_pod_that_was_made_twice_is_seen() =>
        Assert.ThrowsAny<XunitException>(() => GangInvariants.Check([Pod(1, 0, 10, 20), Pod(1, 0, 25, null)]));

    [Theory]
    [InlineData(30L)]
    [InlineData(null)]
    public void Two_attempts_that_lived_at_one_time_are_seen(long? endOfTheFirst) =>
        Assert.ThrowsAny<XunitException>(() =>
            GangInvariants.Check([Pod(1, 0, 10, 20), Pod(1, 1, 11, endOfTheFirst), Pod(2, 0, 22, null)])
        );

    [Fact]
    public void Pods_of_another_run_may_live_at_the_same_time() =>
        GangInvariants.Check([Pod(1, 0, 10, null), Pod(2, 0, 22, null, runUid: "other")]);

    [Theory]
    [InlineData(1, 1, RunPhase.Running, 1)]
    [InlineData(4, 1, RunPhase.Running, 1)]
    [InlineData(2, 0, RunPhase.Running, 1)]
    [InlineData(2, 1, RunPhase.Running, 0)]
    public void Counters_that_go_back_or_leap_are_seen(int attempt, int restarts, RunPhase phase, int checkpoints) =>
        Assert.ThrowsAny<XunitException>(() =>
            GangInvariants.CheckCounters([State(2, 1, checkpoints: 1), State(attempt, restarts, phase, checkpoints)])
        );

    [Fact]
    public void A_run_that_goes_on_after_its_end_is_seen() =>
        Assert.ThrowsAny<XunitException>(() =>
            GangInvariants.CheckCounters([State(2, 1, RunPhase.Succeeded), State(2, 1)])
        );

    private static TrainingRun State(
        int attempt,
        int restarts,
        RunPhase phase = RunPhase.Running,
        int checkpoints = 0
    ) =>
        new()
        {
            Status = new RunStatus
            {
                Attempt = attempt,
                Restarts = restarts,
                Phase = phase,
                Checkpoints =
                [
                    .. Enumerable
                        .Range(1, checkpoints)
                        .Select(i => new CheckpointSummary($"{i}", "b1", i, null, null, 1, "", default)),
                ],
            },
        };

    private static WrittenPod Pod(int attempt, int index, long created, long? ended, string runUid = "run")
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{runUid}-train-{attempt}-{index}",
                ["namespace"] = "default",
                ["resourceVersion"] = $"{created}",
                ["labels"] = new JsonObject
                {
                    [LabelNames.RunUid] = runUid,
                    [LabelNames.Stage] = StageNames.Train,
                    [LabelNames.Attempt] = $"{attempt}",
                },
            },
            ["spec"] = new JsonObject
            {
                ["containers"] = new JsonArray(
                    new JsonObject
                    {
                        ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = 8080 }),
                        ["env"] = new JsonArray(),
                    }
                ),
            },
        };
        // Nothing is asked of a server: the pod is only what was noted of it.
        var pod = new WrittenPod(null!, body, IPAddress.Loopback, _ => null!, null!);
        if (ended is { } version)
        {
            pod.SeeGone($"{version}");
        }

        return pod;
    }
}
