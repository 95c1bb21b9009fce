using System.Net;
using System.Text.Json;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.EndToEnd.Tests.Cluster;
using CodeParrot.EndToEnd.Tests.Runs;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Readme;

namespace CodeParrot.EndToEnd.Tests;

/// <summary>What the README tells a newcomer to type, typed as it stands there.</summary>
/// <param name="cluster">Where.</param>
[Collection(ClusterCollection.Name)]
public sealed class ReadmeTests(TestCluster cluster)
{
    private const long FirstStep = 20;

    [Fact]
    public async Task A_newcomer_gets_from_an_empty_cluster_to_a_rolled_back_model()
    {
        var readme = DocumentBlocks.Section(DocumentBlocks.Read("README.md"), "In a cluster");
        var space = await cluster.NewNamespaceAsync("newcomer");
        using var shell = await Shell.OpenAsync(cluster, space);
        // The release of the other tests has the same name.
        await cluster.Release.UninstallAsync();
        var (printed, plugin) = ("", "");
        try
        {
            foreach (var commands in DocumentBlocks.Of(readme, "sh"))
            {
                printed = await shell.TypeAsync(commands);
            }

            foreach (var commands in DocumentBlocks.Of(DocumentBlocks.Read("docs/kubectl.md"), "sh"))
            {
                plugin += await shell.TypeAsync(commands);
            }
        }
        finally
        {
            await shell.TypeAsync($"helm uninstall codeparrot --namespace {cluster.Release.Namespace}");
            await cluster.Release.InstallAsync();
        }

        Assert.Contains("on branch b3", plugin, StringComparison.Ordinal);
        Assert.Contains("published b1/step-000000060-a1", plugin, StringComparison.Ordinal);
        var answer = (await cluster.Api.GetAsync(JsonApi.Runs(space, "first"))).Expect(HttpStatusCode.OK);
        var status = answer.Body.Deserialize<TrainingRun>(ApiJson.Compact)!.Status;
        Assert.Equal(RunCondition.True, status.Condition(ConditionTypes.RolledBack)?.Status);
        // Once by the README, once by the plugin's page.
        Assert.Equal(3, status.Checkpoints.Select(c => c.Branch).Distinct().Count());
        Assert.Equal(FirstStep, status.Checkpoints.Single(c => status.StartFrom!.Checkpoint.EndsWith(c.Name)).Step);
        Assert.Equal("b1/step-000000060-a1", status.Published);
        Assert.Matches("b2/step-000000060-a2$", printed.TrimEnd());
        using var client = cluster.Store.NewClient();
        var prefix = $"first/runs/{space}/first/branches/{status.Published}/";
        Assert.Contains($"{prefix}model.safetensors", await StoreKeys.OfAsync(client, cluster.Bucket, prefix));
    }
}
