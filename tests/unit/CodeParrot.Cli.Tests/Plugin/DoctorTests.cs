using System.Text.Json.Nodes;
using CodeParrot.Cli.Plugin.Doctor;

namespace CodeParrot.Cli.Tests.Plugin;

public sealed class DoctorTests
{
    [Theory]
    [InlineData(new long[] { 8, 8 }, 16, 1, "Ok")]
    [InlineData(new long[] { 8, 7 }, 16, 1, "Failed")]
    // Two pods of 8 do not fit where 16 lie about in threes.
    [InlineData(new long[] { 8, 4, 4 }, 2, 8, "Failed")]
    [InlineData(new long[] { 0 }, 4, 0, "Ok")]
    public void Counts_pods_that_fit_on_nodes(long[] nodes, int pods, long gpus, string level) =>
        Assert.Equal(level, $"{GpuCheck.Judge(nodes, (pods, gpus)).Level}");

    [Fact]
    public void Knows_the_oldest_server_that_the_chart_is_made_for() =>
        Assert.Contains(
            $"kubeVersion: \">={ServerCheck.Oldest}.0-0\"",
            Checkout.Read("charts/codeparrot/Chart.yaml"),
            StringComparison.Ordinal
        );

    [Fact]
    public void Without_a_run_no_gpus_are_a_warning() =>
        Assert.Equal(FindingLevel.Warning, GpuCheck.Judge([0, 0], null).Level);

    [Theory]
    [InlineData("""{ "spec": {}, "status": {} }""", true)]
    [InlineData("""{ "spec": {} }""", false)]
    public void Names_fields_that_a_cluster_s_definition_lacks(string properties, bool isWhole)
    {
        var finding = DefinitionCheck.Judge(Definition(properties), Definition("""{ "spec": {}, "status": {} }"""));

        Assert.Equal(isWhole ? FindingLevel.Ok : FindingLevel.Warning, finding.Level);
        Assert.Equal(!isWhole, finding.Detail.EndsWith(": status", StringComparison.Ordinal));
    }

    [Fact]
    public void Fails_where_the_version_is_not_served()
    {
        var other = Definition("{}");
        other["spec"]!["versions"]![0]!["name"] = "v0";

        Assert.Equal(FindingLevel.Failed, DefinitionCheck.Judge(other, Definition("{}")).Level);
    }

    private static JsonObject Definition(string properties) =>
        JsonNode
            .Parse(
                $$"""
                { "spec": { "versions": [ { "name": "v1alpha1", "served": true,
                    "schema": { "openAPIV3Schema": { "properties": {{properties}} } } } ] },
                  "status": { "conditions": [ { "type": "Established", "status": "True" } ] } }
                """
            )!
            .AsObject();
}
