using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace CodeParrot.Integration.Tests.Cluster;

/// <summary>What the operator relies on, and other tests build on: the server's own promises.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class ControlPlaneTests(ControlPlane plane)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_with_an_old_resource_version_is_a_conflict()
    {
        var space = await plane.NewNamespaceAsync();
        var path = JsonApi.Runs(space, "small");
        var seen = await CreateRunAsync(space);
        var patch = JsonNode.Parse("""{ "spec": { "suspend": true } }""")!;
        (await plane.Api.PatchAsync(path, patch)).Expect(HttpStatusCode.OK);

        var spec = await plane.Api.ReplaceAsync(path, seen.Body.DeepClone());
        var status = await plane.Api.ReplaceAsync(JsonApi.Runs(space, "small", "status"), seen.Body.DeepClone());

        Assert.Equal("Conflict", (string)spec.Expect(HttpStatusCode.Conflict).Body["reason"]!);
        Assert.Equal("Conflict", (string)status.Expect(HttpStatusCode.Conflict).Body["reason"]!);
    }

    [Fact]
    public async Task An_object_is_deleted_only_if_it_is_the_one_that_was_meant()
    {
        var space = await plane.NewNamespaceAsync();
        var path = JsonApi.Runs(space, "small");
        var first = await CreateRunAsync(space);
        (await plane.Api.DeleteAsync(path)).Expect(HttpStatusCode.OK);
        var second = await CreateRunAsync(space);

        var refused = await plane.Api.DeleteAsync(path, Precondition(first.Uid));
        var there = await plane.Api.GetAsync(path);
        var deleted = await plane.Api.DeleteAsync(path, Precondition(second.Uid));

        refused.Expect(HttpStatusCode.Conflict);
        Assert.Equal(second.Uid, there.Expect(HttpStatusCode.OK).Uid);
        deleted.Expect(HttpStatusCode.OK);
        (await plane.Api.GetAsync(path)).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("Background")]
    [InlineData("Foreground")]
    public async Task What_a_run_owns_goes_with_it(string propagation)
    {
        var space = await plane.NewNamespaceAsync();
        var run = await CreateRunAsync(space);
        await CreateOwnedAsync(space, "owned", run.Uid);
        await CreateOwnedAsync(space, "free", owner: null);

        await plane.Api.DeleteAsync(
            JsonApi.Runs(space, "small"),
            new JsonObject { ["propagationPolicy"] = propagation }
        );

        await plane.Api.WaitForAbsenceAsync(JsonApi.Runs(space, "small"));
        await plane.Api.WaitForAbsenceAsync($"api/v1/namespaces/{space}/configmaps/owned");
        (await plane.Api.GetAsync($"api/v1/namespaces/{space}/configmaps/free")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_deleted_namespace_goes_with_all_that_is_in_it()
    {
        var space = await plane.NewNamespaceAsync();
        await CreateRunAsync(space);
        await CreateOwnedAsync(space, "free", owner: null);

        await plane.Client.CoreV1.DeleteNamespaceAsync(space, cancellationToken: Cancel);

        await plane.Api.WaitForAbsenceAsync($"api/v1/namespaces/{space}");
        (await plane.Api.GetAsync(JsonApi.Runs(space, "small"))).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_pod_s_status_is_what_the_test_writes()
    {
        var space = await plane.NewNamespaceAsync();
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "rank-0" },
            Spec = new V1PodSpec
            {
                Containers = [new V1Container { Name = "trainer", Image = "trainer" }],
                AutomountServiceAccountToken = false,
            },
        };
        await plane.Client.CoreV1.CreateNamespacedPodAsync(pod, space, cancellationToken: Cancel);

        await plane.Api.PatchAsync(
            $"api/v1/namespaces/{space}/pods/rank-0/status",
            JsonNode.Parse("""{ "status": { "phase": "Running", "podIP": "10.0.0.7" } }""")!
        );

        var seen = await plane.Client.CoreV1.ReadNamespacedPodAsync("rank-0", space, cancellationToken: Cancel);
        Assert.Equal(("Running", "10.0.0.7"), (seen.Status.Phase, seen.Status.PodIP));
    }

    [Fact]
    public async Task A_service_account_may_do_what_its_role_says_and_no_more()
    {
        var space = await plane.NewNamespaceAsync();
        await CreateRunAsync(space);
        await plane.Client.CoreV1.CreateNamespacedServiceAccountAsync(
            new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = "reader" } },
            space,
            cancellationToken: Cancel
        );
        await AllowReadingAsync(
            space,
            new Rbacv1Subject
            {
                Kind = "ServiceAccount",
                Name = "reader",
                NamespaceProperty = space,
            }
        );
        using var client = ControlPlane.NewClient(await plane.ServiceAccountKubeconfigAsync(space, "reader"));

        await AssertReadsOnlyAsync(new JsonApi(client), space);
    }

    [Fact]
    public async Task A_user_may_do_what_the_role_of_their_group_says_and_no_more()
    {
        var space = await plane.NewNamespaceAsync();
        await CreateRunAsync(space);
        await AllowReadingAsync(space, new Rbacv1Subject { Kind = "Group", Name = $"readers-of-{space}" });
        using var client = ControlPlane.NewClient(await plane.UserKubeconfigAsync("ada", $"readers-of-{space}"));

        await AssertReadsOnlyAsync(new JsonApi(client), space);
    }

    [Fact]
    public async Task What_was_written_outlives_the_api_server()
    {
        var space = await plane.NewNamespaceAsync();
        var before = await CreateRunAsync(space);

        await plane.KillApiServerAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => plane.Api.GetAsync("readyz"));
        await plane.StartApiServerAsync();

        var after = (await plane.Api.GetAsync(JsonApi.Runs(space, "small"))).Expect(HttpStatusCode.OK);
        Assert.Equal((before.Uid, before.ResourceVersion), (after.Uid, after.ResourceVersion));
    }

    private async Task<ApiAnswer> CreateRunAsync(string space) =>
        (await plane.Api.CreateAsync(JsonApi.Runs(space), RunObjects.Small("small"))).Expect(HttpStatusCode.Created);

    private static JsonObject Precondition(string uid) =>
        new() { ["preconditions"] = new JsonObject { ["uid"] = uid } };

    private async Task CreateOwnedAsync(string space, string name, string? owner)
    {
        var map = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name } };
        if (owner is not null)
        {
            map.Metadata.OwnerReferences =
            [
                new V1OwnerReference
                {
                    ApiVersion = "codeparrot.dev/v1alpha1",
                    Kind = "TrainingRun",
                    Name = "small",
                    Uid = owner,
                    BlockOwnerDeletion = true,
                },
            ];
        }

        await plane.Client.CoreV1.CreateNamespacedConfigMapAsync(map, space, cancellationToken: Cancel);
    }

    private async Task AllowReadingAsync(string space, Rbacv1Subject subject)
    {
        var role = new V1Role
        {
            Metadata = new V1ObjectMeta { Name = "reader" },
            Rules =
            [
                new V1PolicyRule
                {
                    ApiGroups = ["codeparrot.dev"],
                    Resources = ["trainingruns"],
                    Verbs = ["get"],
                },
            ],
        };
        var binding = new V1RoleBinding
        {
            Metadata = new V1ObjectMeta { Name = "reader" },
            RoleRef = new V1RoleRef
            {
                ApiGroup = "rbac.authorization.k8s.io",
                Kind = "Role",
                Name = "reader",
            },
            Subjects = [subject],
        };
        var rbac = plane.Client.RbacAuthorizationV1;
        await rbac.CreateNamespacedRoleAsync(role, space, cancellationToken: Cancel);
        await rbac.CreateNamespacedRoleBindingAsync(binding, space, cancellationToken: Cancel);
    }

    private static async Task AssertReadsOnlyAsync(JsonApi api, string space)
    {
        // The authorizer learns of a new role a moment after it is written.
        await Patience.UntilAsync(
            async () => (await api.GetAsync(JsonApi.Runs(space, "small"))).Code == HttpStatusCode.OK,
            "the role does not allow to read, two minutes later"
        );
        (await api.DeleteAsync(JsonApi.Runs(space, "small"))).Expect(HttpStatusCode.Forbidden);
        (await api.GetAsync(JsonApi.Runs(space))).Expect(HttpStatusCode.Forbidden);
        (await api.GetAsync("api/v1/nodes")).Expect(HttpStatusCode.Forbidden);
    }
}
