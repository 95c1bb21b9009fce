using System.Text.Json;
using System.Text.Json.Nodes;
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
                Workers = new WorkersSpec
                {
                    Resources = new ResourcesSpec { Limits = new Dictionary<string, Quantity> { ["cpu"] = new("2") } },
                    Template = new PodTemplateSpec { Env = [new JsonObject { ["name"] = "A" }] },
                },
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

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_no_number_is_left_to_be_unknown(double loss)
    {
        var status = new RunStatus
        {
            Progress = new ProgressStatus { Loss = loss, EvalLoss = 0.1 },
        };

        var text = JsonSerializer.Serialize(status, ApiJson.Compact);

        Assert.Contains("\"loss\":null,\"evalLoss\":0.1", text, StringComparison.Ordinal);
        Assert.Null(JsonSerializer.Deserialize<RunStatus>(text, ApiJson.Compact)!.Progress!.Loss);
    }

    [Theory]
    [InlineData("\"0.0005\"", 0.0005)]
    [InlineData("5e-4", 0.0005)]
    [InlineData("\"NaN\"", double.NaN)]
    public void Numbers_are_read_as_the_contract_writes_them(string json, double expected)
    {
        Assert.Equal(expected, JsonSerializer.Deserialize<double>(json, ApiJson.Compact));
    }

    [Fact]
    public void A_text_for_a_number_is_named()
    {
        var e = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<double>("\"much\"", ApiJson.Compact));

        Assert.Contains("much", e.Message, StringComparison.Ordinal);
    }
}
