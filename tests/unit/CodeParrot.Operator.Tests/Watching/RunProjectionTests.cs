using System.Text.Json;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Tests.Watching;

public class RunProjectionTests
{
    [Fact]
    public void A_run_keeps_what_is_read_of_it_and_no_copy_of_its_manifest()
    {
        var run = Loops.Run("r");
        run["metadata"]!["uid"] = "u";
        run["metadata"]!["resourceVersion"] = "5";
        run["metadata"]!["annotations"] = new System.Text.Json.Nodes.JsonObject
        {
            ["kubectl.kubernetes.io/last-applied-configuration"] = "long",
            ["codeparrot.dev/adopt-store"] = "true",
        };

        var kept = new RunProjection(new TextPool()).Of(JsonSerializer.SerializeToElement(run));

        Assert.Equal(("default/r", "5", "u"), ($"{kept.Run}", kept.Version, kept.Value.Uid));
        Assert.Equal(["codeparrot.dev/adopt-store"], kept.Value.Run?.Metadata.Annotations.Keys);
        Assert.Equal(2, kept.Value.Run?.Spec.Workers.Count);
        Assert.Equal(ResourceType.TrainingRuns.ApiVersion, kept.Value.Run?.ApiVersion);
    }

    [Theory]
    [InlineData("1ms9223372036854775807ms")]
    [InlineData("922337203685477s9999999999s")]
    [InlineData("2000000h")]
    public void A_duration_beyond_all_times_is_a_mistake_of_its_run_alone(string duration)
    {
        var run = Loops.Run("r");
        run["metadata"]!["uid"] = "u";
        run["metadata"]!["resourceVersion"] = "5";
        run["spec"]!["failurePolicy"] = new System.Text.Json.Nodes.JsonObject { ["totalDeadline"] = duration };

        var kept = new RunProjection(new TextPool()).Of(JsonSerializer.SerializeToElement(run));

        Assert.Null(kept.Value.Run);
        Assert.Contains(duration, kept.Value.Mistake, StringComparison.Ordinal);
    }
}
