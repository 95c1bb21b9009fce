using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Connection;
using CodeParrot.Simulation.Tests.Conformance;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>
/// The table that the simulated API server is held to, before a real one: a difference means that the simulation proves
/// something about another world.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class ConformanceTests(ControlPlane plane)
{
    public static TheoryData<string> Names => [.. ConformanceTable.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_real_server_does_what_the_simulated_one_does(string name)
    {
        var space = await plane.NewNamespaceAsync();
        // Pods of the table would wait for their account's token, which a controller makes in its own time.
        var account = $"api/v1/namespaces/{space}/serviceaccounts/default";
        var none = JsonNode.Parse("""{ "automountServiceAccountToken": false }""")!;
        (await plane.Api.PatchAsync(account, none)).Expect(HttpStatusCode.OK);
        using var connection = new ServerConnection(Kubeconfig.Find(plane.AdminKubeconfig, _ => null));
        var server = new KubernetesApiServer(connection, TimeProvider.System);
        var scope = new ConformanceScope(server, space, TimeProvider.System);
        var table = ConformanceTable.Cases[name];

        await table.Act(scope);

        Assert.Equal(table.Expected, scope.Outcomes);
    }
}
