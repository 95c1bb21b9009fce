using System.Text.Json.Nodes;
using static CodeParrot.Operator.ApiServer.ResourceType;

namespace CodeParrot.Simulation.Tests.Conformance;

/// <summary>What a server answers to deletions.</summary>
internal static class DeleteCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "A deletion that names a UID hits no other object",
            async s =>
            {
                var made = await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "map"));
                await s.DeleteAsync("another UID", ConfigMaps, "map", "11111111-1111-4111-8111-111111111111");
                await s.DeleteAsync("its UID", ConfigMaps, "map", made.At("metadata.uid")!);
                await s.DeleteAsync("gone already", ConfigMaps, "map");
                s.Note("read", await s.GetAsync(ConfigMaps, "map"));
            },
            "another UID: 409 Conflict",
            "its UID: ok",
            "gone already: ok",
            "read: none"
        ),
        new(
            "A finalizer keeps an object until it is taken off, and none comes on any more",
            async s =>
            {
                var finalizers = new JsonArray("codeparrot.dev/artifacts");
                await s.CreateAsync(TrainingRuns, Bodies.Run(s, "one").With("metadata.finalizers", finalizers));
                await s.DeleteAsync("delete", TrainingRuns, "one");
                var left = await s.GetAsync(TrainingRuns, "one");
                s.Note("asked for", left.At("metadata.deletionTimestamp") is not null);
                s.Note("generation", left.At("metadata.generation"));
                await s.ReplaceAsync("status", TrainingRuns, left!.With("status.phase", "Running"), "status");
                var more = """{"metadata":{"finalizers":["codeparrot.dev/artifacts","codeparrot.dev/more"]}}""";
                await s.PatchAsync("another finalizer", TrainingRuns, "one", more);
                await s.PatchAsync("take it off", TrainingRuns, "one", """{"metadata":{"finalizers":[]}}""");
                s.Note("read", await s.GetAsync(TrainingRuns, "one"));
            },
            "delete: ok",
            "asked for: True",
            "generation: 2",
            "status: ok",
            "another finalizer: 422 Invalid",
            "take it off: ok",
            "read: none"
        ),
        new(
            "A pod without a node goes at once",
            async s =>
            {
                await s.CreateAsync(Pods, Bodies.Pod(s, "pod"));
                await s.DeleteAsync("delete", Pods, "pod", graceSeconds: 30);
                s.Note("read", await s.GetAsync(Pods, "pod"));
            },
            "delete: ok",
            "read: none"
        ),
        new(
            "A pod on a node has its grace, which a later deletion can only shorten",
            async s =>
            {
                await s.CreateAsync(Pods, Bodies.Pod(s, "pod", "node-1"));
                await s.DeleteAsync("delete", Pods, "pod", graceSeconds: 300);
                s.Note("grace", (await s.GetAsync(Pods, "pod")).At("metadata.deletionGracePeriodSeconds"));
                await s.DeleteAsync("longer", Pods, "pod", graceSeconds: 600);
                s.Note("grace", (await s.GetAsync(Pods, "pod")).At("metadata.deletionGracePeriodSeconds"));
                await s.DeleteAsync("shorter", Pods, "pod", graceSeconds: 100);
                s.Note("grace", (await s.GetAsync(Pods, "pod")).At("metadata.deletionGracePeriodSeconds"));
                await s.DeleteAsync("now", Pods, "pod", graceSeconds: 0);
                s.Note("read", await s.GetAsync(Pods, "pod"));
            },
            "delete: ok",
            "grace: 300",
            "longer: ok",
            "grace: 300",
            "shorter: ok",
            "grace: 100",
            "now: ok",
            "read: none"
        ),
        new(
            "A pod that is over goes at once",
            async s =>
            {
                var made = await s.CreateAsync(Pods, Bodies.Pod(s, "pod", "node-1"));
                await s.ReplaceAsync("over", Pods, made.With("status.phase", "Succeeded"), "status");
                await s.DeleteAsync("delete", Pods, "pod", graceSeconds: 30);
                s.Note("read", await s.GetAsync(Pods, "pod"));
            },
            "over: ok",
            "delete: ok",
            "read: none"
        ),
        new(
            "What a deleted object owned is collected",
            async s =>
            {
                var owner = await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "owner"));
                var reference = new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "ConfigMap",
                    ["name"] = "owner",
                    ["uid"] = owner.At("metadata.uid"),
                };
                var owned = Bodies.ConfigMap(s, "owned").With("metadata.ownerReferences", new JsonArray(reference));
                await s.CreateAsync(ConfigMaps, owned);
                await s.DeleteAsync("delete", ConfigMaps, "owner");
                await s.NoteGoneAsync("owned", ConfigMaps, "owned");
            },
            "delete: ok",
            "owned: gone"
        ),
    ];
}
