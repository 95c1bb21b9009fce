using System.Text.Json;
using CodeParrot.Api.Crd;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Tests.Crd;

public sealed class StatusSchemaTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private static readonly RunStatus Full = new()
    {
        Phase = RunPhase.Running,
        Conditions = [new RunCondition("Accepted", "True", "Valid", "the spec has no mistakes", 3, Now)],
        Attempt = 3,
        Restarts = 2,
        Budget = new BudgetStatus { Counted = 1, Checkpoint = "b1/step-000000005-a1" },
        NextAttemptAt = Now,
        Stage = "train",
        Stages = new Dictionary<string, StageStatus>
        {
            ["corpus"] = new()
            {
                CompletedAt = Now,
                Outputs = new Dictionary<string, string> { ["key"] = "corpora/x" },
            },
        },
        SpecHash = new string('a', 64),
        Identity = new string('b', 64),
        Gang = new GangStatus
        {
            Pods = 16,
            Threads = 2,
            Scheduler = GangScheduler.Volcano,
            ScheduledAt = Now,
            LastStep = 7,
            LastStepAt = Now,
        },
        Recipe = new string('c', 64),
        PendingChange = "an edit waits for the next attempt",
        Workers = new WorkersStatus(16, 15, 1),
        Progress = new ProgressStatus
        {
            Stage = "train",
            Step = 7,
            Loss = -0.5,
            EvalLoss = 2,
            Perplexity = 7.4,
            TokensPerSecond = 1e6,
            Mfu = 0.4,
            Eta = TimeSpan.FromHours(30),
            UpdatedAt = Now,
        },
        Network = new NetworkStatus { Transport = "nccl: NET/Socket, P2P" },
        Checkpoints = [new CheckpointSummary("step-000000005-a1", "b1", 5, 2.5, null, 1L << 40, "d", Now)],
        Branch = "b1",
        StartFrom = new StartPoint("b0/step-000000003-a1", 2),
        Published = "b1/step-000000005-a1",
        LastFailure = new FailureStatus(3, "node-1", "PodVanished", null, "gone", "small-train-a1-3", Now),
        Attempts =
        [
            new AttemptStatus
            {
                Number = 1,
                StartedAt = Now,
                EndedAt = Now,
                ExitCode = -1,
            },
        ],
        Rollback = new RollbackStatus(new RollbackSpec { ToStep = 5 }, "RollbackStarted", 3),
        CheckpointRequest = new CheckpointRequestStatus("now", "b1/step-000000005-a1", "CheckpointTaken", Now),
        Promotion = new PromotionStatus
        {
            Value = "b1/step-000000005-a1",
            Result = "Promoted",
            Number = 1,
        },
        Cleanup = new CleanupStatus
        {
            Tries = 1,
            StartedAt = Now,
            Result = "CleanupStarted",
        },
        StartedAt = Now,
        SuspendedAt = Now,
        ExcludedNodes = ["node-1"],
        FinishedAt = Now,
    };

    [Fact]
    public void A_full_status_is_taken_and_no_field_of_it_is_pruned()
    {
        var status = JsonSerializer.SerializeToNode(Full, ApiJson.Compact)!.AsObject();
        var schema = SchemaPath.Find(SchemaTree.Root, "status")!;

        Assert.Equal([], schema["properties"]!.AsObject().Select(p => p.Key).Except(status.Select(p => p.Key)));
        Assert.Empty(SchemaChecker.Check(schema, status, "status"));
    }

    [Fact]
    public void A_new_run_s_status_is_taken_and_the_schema_adds_nothing_to_it()
    {
        var status = JsonSerializer.SerializeToNode(new RunStatus(), ApiJson.Compact)!;
        var before = status.ToJsonString();

        Assert.Empty(SchemaChecker.Check(SchemaPath.Find(SchemaTree.Root, "status")!, status, "status"));
        Assert.Equal(before, status.ToJsonString());
    }

    [Fact]
    public void A_status_with_a_field_of_another_type_is_refused()
    {
        var status = JsonSerializer.SerializeToNode(Full, ApiJson.Compact)!;
        status["phase"] = "Sleeping";
        status["progress"]!["loss"] = "much";
        status["conditions"]![0]!.AsObject().Remove("type");

        var mistakes = SchemaChecker.Check(SchemaPath.Find(SchemaTree.Root, "status")!, status, "status");

        Assert.Equal(["status.conditions[0].type", "status.phase", "status.progress.loss"], mistakes.Order());
    }

    [Fact]
    public void The_columns_for_workers_and_checkpoint_follow_what_they_are_made_from()
    {
        var json = JsonSerializer.SerializeToNode(Full, ApiJson.Compact)!;

        Assert.Equal("15/16", (string)json["workers"]!["summary"]!);
        Assert.Equal("step-000000005-a1", (string)json["latestCheckpoint"]!);
        Assert.Equal("", new RunStatus().LatestCheckpoint);
        Assert.Equal(Full.Workers, json.Deserialize<RunStatus>(ApiJson.Compact)!.Workers);
    }
}
