using System.Text.Json;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Tests.Resources;

public sealed class ApiJsonTests
{
    [Fact]
    public void A_run_survives_the_way_through_json()
    {
        var run = new TrainingRun
        {
            Metadata = new ObjectMetadata
            {
                Name = "small",
                Uid = "u",
                Labels = new Dictionary<string, string> { ["a"] = "" },
            },
            Spec = new RunSpec
            {
                Rollback = new RollbackSpec { ToStep = 7, Nonce = "n" },
                TtlAfterFinished = TimeSpan.FromHours(30),
                FailurePolicy = new FailurePolicySpec { Rules = [new FailureRuleSpec { OnExitCodes = [1, 2] }] },
                Workers = new WorkersSpec { Resources = new() { ["limits"] = "x" } },
            },
            Status = new RunStatus
            {
                Phase = RunPhase.Restarting,
                Stages = new Dictionary<string, StageStatus>
                {
                    ["corpus"] = new() { Outputs = new Dictionary<string, string> { ["k"] = "v" } },
                },
                Rollback = new RollbackStatus(new RollbackSpec { ToStep = 7 }, "RollbackStarted", 3),
                NextAttemptAt = DateTimeOffset.UnixEpoch,
                Progress = new ProgressStatus { Eta = TimeSpan.FromMilliseconds(1500) },
            },
        };

        var text = JsonSerializer.Serialize(run, ApiJson.Compact);
        var again = JsonSerializer.Deserialize<TrainingRun>(text, ApiJson.Compact)!;

        Assert.Equal(text, JsonSerializer.Serialize(again, ApiJson.Compact));
        Assert.Equal(run.Spec.Rollback, again.Spec.Rollback);
        Assert.Equal(run.Status.Rollback, again.Status.Rollback);
        Assert.Equal("v", again.Status.Stages["corpus"].Outputs["k"]);
    }

    [Fact]
    public void Durations_and_names_stand_as_kubernetes_writes_them()
    {
        var text = JsonSerializer.Serialize(
            new TrainingRun { Spec = new RunSpec { TtlAfterFinished = TimeSpan.FromMinutes(90) } },
            ApiJson.Compact
        );

        Assert.Contains("\"ttlAfterFinished\":\"1h30m\"", text, StringComparison.Ordinal);
        Assert.Contains("\"phase\":\"Pending\"", text, StringComparison.Ordinal);
        Assert.Contains("\"apiVersion\":\"codeparrot.dev/v1alpha1\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_duration_is_named()
    {
        var e = Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize<TrainingRun>("""{"spec":{"ttlAfterFinished":"soon"}}""", ApiJson.Compact)
        );

        Assert.Contains("soon", e.Message, StringComparison.Ordinal);
    }
}
