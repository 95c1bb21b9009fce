using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Cluster;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>What people with the cluster's usual roles may do with runs once the chart is there.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class AggregatedRoleTests(ControlPlane plane)
{
    [Fact]
    public async Task Viewers_look_and_editors_change()
    {
        var space = await plane.NewNamespaceAsync();
        var chart = await RenderedChart.OfAsync(new ChartValues { Namespace = space });
        foreach (var role in chart.OfKind("ClusterRole"))
        {
            (await new ServerSideApply(plane.Api).TryAsync(role)).Expect(HttpStatusCode.OK, HttpStatusCode.Created);
        }

        (await plane.Api.CreateAsync(JsonApi.Runs(space), RunObjects.Small("there"))).Expect(HttpStatusCode.Created);
        var viewer = await PersonAsync(space, "view");
        var editor = await PersonAsync(space, "edit");
        var stranger = await PersonAsync(space, "no-such-role");

        // A controller adds the rules to the cluster's roles in its own time.
        await Patience.UntilAsync(
            async () => (await viewer.GetAsync(JsonApi.Runs(space))).Code == HttpStatusCode.OK,
            "a viewer does not see runs, two minutes later"
        );
        await Patience.UntilAsync(
            async () =>
                (await editor.CreateAsync(JsonApi.Runs(space), RunObjects.Small("own"))).Code == HttpStatusCode.Created,
            "an editor may not create runs, two minutes later"
        );
        (await editor.PatchAsync(JsonApi.Runs(space, "own"), Suspend())).Expect(HttpStatusCode.OK);
        (await editor.PatchAsync(JsonApi.Runs(space, "own", "status"), new JsonObject())).Expect(
            HttpStatusCode.Forbidden
        );
        (await editor.DeleteAsync(JsonApi.Runs(space, "own"))).Expect(HttpStatusCode.OK);
        (await viewer.PatchAsync(JsonApi.Runs(space, "there"), Suspend())).Expect(HttpStatusCode.Forbidden);
        (await viewer.CreateAsync(JsonApi.Runs(space), RunObjects.Small("other"))).Expect(HttpStatusCode.Forbidden);
        (await viewer.DeleteAsync(JsonApi.Runs(space, "there"))).Expect(HttpStatusCode.Forbidden);
        (await stranger.GetAsync(JsonApi.Runs(space))).Expect(HttpStatusCode.Forbidden);
    }

    private static JsonObject Suspend() => new() { ["spec"] = new JsonObject { ["suspend"] = true } };

    private async Task<JsonApi> PersonAsync(string space, string role)
    {
        var name = $"{space}-{role}";
        var binding = new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = "RoleBinding",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space },
            ["roleRef"] = new JsonObject
            {
                ["apiGroup"] = "rbac.authorization.k8s.io",
                ["kind"] = "ClusterRole",
                ["name"] = role,
            },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "User", ["name"] = name }),
        };
        (await new ServerSideApply(plane.Api).TryAsync(binding)).Expect(HttpStatusCode.OK, HttpStatusCode.Created);
        return new JsonApi(ControlPlane.NewClient(await plane.UserKubeconfigAsync(name, "people")));
    }
}
