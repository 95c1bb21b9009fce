using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Scheduling;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>
/// Groups of a gang on a server that knows their type; the scheduler that would read them is not there.
/// </summary>
internal static class GangStories
{
    private const string Definitions = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Groups = "apis/scheduling.x-k8s.io/v1alpha1";

    public static async Task A_group_of_scheduler_plugins_stands_while_its_attempt_lives(Scene scene)
    {
        await DefineGroupsAsync(scene);
        var run = await scene.CreateAsync("""{ "scheduling": { "gang": "Coscheduling" } }""");

        var group = await FollowGroupAsync(run);

        Assert.Equal(2, (int)group["spec"]!["minMember"]!);
        var name = (string)group["metadata"]!["name"]!;
        foreach (var pod in run.PodsOf(StageNames.Train, 1))
        {
            Assert.Equal("scheduler-plugins-scheduler", (string)pod.Created["spec"]!["schedulerName"]!);
            Assert.Equal(name, (string)pod.Created["metadata"]!["labels"]!["scheduling.x-k8s.io/pod-group"]!);
        }
    }

    // Its scheduling.k8s.io has priority classes, and nothing defined can be added to an API group of the server's own.
    public static async Task Where_the_server_has_no_gangs_of_its_own_the_run_says_so_and_waits(Scene scene)
    {
        var run = await scene.CreateAsync("""{ "scheduling": { "gang": "Native" } }""");

        await Scene.UntilAsync(
            async () =>
                (await run.ObjectsAsync("apis/events.k8s.io/v1", "events")).Any(e =>
                    (string?)e["reason"] == "Refused"
                    && ((string)e["note"]!).Contains("could not find the requested resource", StringComparison.Ordinal)
                ),
            "the run's user is told"
        );

        Assert.Empty(run.PodsOf(StageNames.Train, 1));
        Assert.False(run.States.Last().Status.IsTerminal());
    }

    private static async Task<JsonObject> FollowGroupAsync(FollowedRun run)
    {
        await run.UntilAsync(RunPhase.Running);
        var group = Assert.Single(await run.ObjectsAsync(Groups, PodGroup.Plural));
        Assert.Equal(run.States.Last().Metadata.Uid, (string)group["metadata"]!["ownerReferences"]![0]!["uid"]!);
        await run.UntilAsync(RunPhase.Succeeded);
        await Scene.UntilAsync(
            async () => (await run.ObjectsAsync(Groups, PodGroup.Plural)).Count == 0,
            "the group is gone"
        );
        return group;
    }

    private static async Task DefineGroupsAsync(Scene scene)
    {
        var definition = JsonNode.Parse(
            """
            { "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
              "metadata": { "name": "podgroups.scheduling.x-k8s.io",
                            "annotations": { "api-approved.kubernetes.io": "unapproved, for a test" } },
              "spec": { "group": "scheduling.x-k8s.io", "scope": "Namespaced",
                        "names": { "kind": "PodGroup", "plural": "podgroups", "singular": "podgroup" },
                        "versions": [ { "name": "v1alpha1", "served": true, "storage": true,
                          "schema": { "openAPIV3Schema": { "type": "object",
                            "x-kubernetes-preserve-unknown-fields": true } } } ] } }
            """
        )!;
        (await scene.Api.CreateAsync(Definitions, definition)).Expect(HttpStatusCode.Created);
        await Scene.UntilAsync(
            async () => (await scene.Api.GetAsync($"{Groups}/{PodGroup.Plural}")).Code == HttpStatusCode.OK,
            "the server knows groups of scheduler-plugins"
        );
    }
}
