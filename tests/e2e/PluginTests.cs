using System.Text.Json.Nodes;
using CodeParrot.EndToEnd.Tests.Cluster;
using CodeParrot.EndToEnd.Tests.Runs;
using CodeParrot.Integration.Tests.Plugin;

namespace CodeParrot.EndToEnd.Tests;

/// <summary>Commands of <c>kubectl codeparrot</c> that need pods which run.</summary>
/// <param name="cluster">Where.</param>
[Collection(ClusterCollection.Name)]
public sealed class PluginTests(TestCluster cluster)
{
    private const long Days = 1_000_000;

    [Fact]
    public async Task A_run_s_logs_checkpoints_and_model_are_at_hand_while_it_trains()
    {
        var space = await cluster.NewNamespaceAsync("plugin");
        var spec = RunSpecs.Of(cluster, "plugin", Days);
        // What a command names must still be there for the next one, however fast this machine steps.
        spec["checkpoints"]!["everySteps"] = 500;
        spec["checkpoints"]!["keep"]!["last"] = 20;
        await using var run = await TestRun.CreateAsync(cluster, space, "watched", spec);
        var trains = await run.UntilItTrainsAsync();
        var kubectl = new KubectlPlugin(cluster.Kubeconfig, space);

        var logs = await kubectl.OutputAsync("logs", "watched");
        Assert.Contains("[rank 0] ", logs, StringComparison.Ordinal);
        Assert.Contains("[rank 1] ", logs, StringComparison.Ordinal);
        var alone = await kubectl.OutputAsync("logs", "watched", "--rank", "1");
        Assert.DoesNotContain("[rank", alone, StringComparison.Ordinal);

        var written = await kubectl.OutputAsync("checkpoint", "now", "watched");
        Assert.Matches("^checkpoint b1/step-[0-9]+-a1: s3://", written);
        Assert.Contains(written.Split(' ', ':')[1], await kubectl.OutputAsync("checkpoints"), StringComparison.Ordinal);

        var text = await kubectl.OutputAsync("generate", "watched", "--prompt", "def", "--max-new-tokens", "8");
        Assert.Contains("def", text, StringComparison.Ordinal);

        var found = await kubectl.OutputAsync("doctor", "watched", "-o", "json");
        var findings = JsonNode.Parse(found)!.AsArray();
        Assert.DoesNotContain(findings, f => (string?)f!["level"] == "Failed");
        string[] good =
        [
            "TrainingRun",
            "operator",
            "operator's rights",
            "your rights",
            "GPUs",
            "gang scheduler",
            "store",
        ];
        Assert.Empty(good.Except(findings.Where(f => (string?)f!["level"] == "Ok").Select(f => (string)f!["check"]!)));

        // What looked stays nowhere, and disturbed nothing.
        var pods = (await cluster.Api.GetAsync($"api/v1/namespaces/{space}/pods")).Body["items"]!.AsArray();
        Assert.DoesNotContain(
            pods,
            p => !((string)p!["metadata"]!["name"]!).StartsWith("watched-", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            pods,
            p => ((string)p!["metadata"]!["name"]!).Contains("-generate-", StringComparison.Ordinal)
        );
        Assert.Equal(trains.Status.Attempt, (await run.UntilItTrainsAsync()).Status.Attempt);

        // A store whose secret is wrong is found before a run is made.
        var secret = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "wrong" },
            ["stringData"] = new JsonObject { ["AWS_ACCESS_KEY_ID"] = "nobody", ["AWS_SECRET_ACCESS_KEY"] = "nothing" },
        };
        await cluster.Api.CreateAsync($"api/v1/namespaces/{space}/secrets", secret);
        spec["store"]!["credentialsSecret"] = "wrong";
        var file = Path.GetTempFileName();
        var manifest = new JsonObject
        {
            ["apiVersion"] = "codeparrot.dev/v1alpha1",
            ["kind"] = "TrainingRun",
            ["metadata"] = new JsonObject { ["name"] = "other" },
            ["spec"] = spec.DeepClone(),
        };
        await File.WriteAllTextAsync(file, manifest.ToJsonString(), TestContext.Current.CancellationToken);
        var ill = await kubectl.RunAsync("doctor", "-f", file);
        File.Delete(file);
        Assert.Equal(1, ill.ExitCode);
        Assert.Contains("does not answer a pod", ill.Output, StringComparison.Ordinal);
        await run.DeleteAsync();
        await Leftovers.UntilNoneAsync(run);
    }
}
