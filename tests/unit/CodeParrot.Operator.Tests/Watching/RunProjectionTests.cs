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

        var kept = RunProjection.Of(JsonSerializer.SerializeToElement(run));

        Assert.Equal(("default/r", "5", "u"), ($"{kept.Run}", kept.Version, kept.Value.Uid));
        Assert.Equal(["codeparrot.dev/adopt-store"], kept.Value.Run?.Metadata.Annotations.Keys);
        Assert.Equal(2, kept.Value.Run?.Spec.Workers.Count);
        Assert.Equal(ResourceType.TrainingRuns.ApiVersion, kept.Value.Run?.ApiVersion);
    }
}
