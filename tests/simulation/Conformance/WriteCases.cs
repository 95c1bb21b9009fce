using static CodeParrot.Operator.ApiServer.ResourceType;

namespace CodeParrot.Simulation.Tests.Conformance;

/// <summary>What a server answers to creations, replacements and patches.</summary>
internal static class WriteCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "An object is made once, with a UID and its first generation, and without a status",
            async s =>
            {
                var body = Bodies.Run(s, "one").With("status.phase", "Running");
                var made = await s.TryAsync("create", () => s.CreateAsync(TrainingRuns, body));
                s.Note("generation", made.At("metadata.generation"));
                s.Note("uid", made.At("metadata.uid")?.Length);
                s.Note("status", made.At("status"));
                await s.TryAsync("again", () => s.CreateAsync(TrainingRuns, body));
            },
            "create: ok",
            "generation: 1",
            "uid: 36",
            "status: none",
            "again: 409 AlreadyExists"
        ),
        new(
            "A replacement names the version that it read",
            async s =>
            {
                var made = await s.CreateAsync(TrainingRuns, Bodies.Run(s, "one"));
                var first = await s.ReplaceAsync("first", TrainingRuns, made.With("metadata.labels.v", "2"));
                await s.ReplaceAsync("from the old version", TrainingRuns, made.With("metadata.labels.v", "3"));
                await s.ReplaceAsync("from none", TrainingRuns, first.With("metadata.resourceVersion", null));
                var nothing = made.With("metadata.name", "two");
                await s.ReplaceAsync("of one that is gone", TrainingRuns, nothing);
                await s.ReplaceAsync("of nothing", TrainingRuns, nothing.With("metadata.uid", null));
                var map = await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "map"));
                await s.ReplaceAsync("of a map from none", ConfigMaps, map.With("metadata.resourceVersion", null));
            },
            "first: ok",
            "from the old version: 409 Conflict",
            "from none: 422 Invalid",
            "of one that is gone: 409 Conflict",
            "of nothing: 404 NotFound",
            "of a map from none: ok"
        ),
        new(
            "A status is written apart from the rest",
            async s =>
            {
                var made = await s.CreateAsync(TrainingRuns, Bodies.Run(s, "one"));
                var body = made.With("status.phase", "Running").With("spec.suspend", true);
                var written = await s.ReplaceAsync("status", TrainingRuns, body, "status");
                s.Note("phase", written.At("status.phase"));
                s.Note("suspend", written.At("spec.suspend") ?? "false");
                s.Note("generation", written.At("metadata.generation"));
                body = written.With("status.phase", "Failed").With("spec.suspend", true);
                var replaced = await s.ReplaceAsync("spec", TrainingRuns, body);
                s.Note("phase", replaced.At("status.phase"));
                s.Note("suspend", replaced.At("spec.suspend"));
                s.Note("generation", replaced.At("metadata.generation"));
            },
            "status: ok",
            "phase: Running",
            "suspend: false",
            "generation: 1",
            "spec: ok",
            "phase: Running",
            "suspend: true",
            "generation: 2"
        ),
        new(
            "A status write from an old version fails, also where it would change nothing",
            async s =>
            {
                var made = await s.CreateAsync(TrainingRuns, Bodies.Run(s, "one"));
                var body = made.With("status.phase", "Running");
                var written = await s.ReplaceAsync("first", TrainingRuns, body, "status");
                await s.ReplaceAsync("the same from the old version", TrainingRuns, body, "status");
                var same = await s.ReplaceAsync("the same from the new one", TrainingRuns, written, "status");
                s.Note("moved", same.At("metadata.resourceVersion") != written.At("metadata.resourceVersion"));
            },
            "first: ok",
            "the same from the old version: 409 Conflict",
            "the same from the new one: ok",
            "moved: False"
        ),
        new(
            "A write of another object's UID fails",
            async s =>
            {
                var old = await s.CreateAsync(TrainingRuns, Bodies.Run(s, "one"));
                await s.DeleteAsync("delete", TrainingRuns, "one");
                var made = await s.CreateAsync(TrainingRuns, Bodies.Run(s, "one"));
                await s.ReplaceAsync("old status", TrainingRuns, old.With("status.phase", "Running"), "status");
                var mixed = old.With("metadata.resourceVersion", made.At("metadata.resourceVersion"));
                await s.ReplaceAsync("old UID", TrainingRuns, mixed.With("status.phase", "Running"), "status");
            },
            "delete: ok",
            "old status: 409 Conflict",
            "old UID: 409 Conflict"
        ),
        new(
            "A patch changes what it names, and a version in it must be the current one",
            async s =>
            {
                var made = await s.CreateAsync(TrainingRuns, Bodies.Run(s, "one"));
                var label = """{ "metadata": { "labels": { "v": "2", "w": "1" } } }""";
                var patched = await s.PatchAsync("label", TrainingRuns, "one", label);
                s.Note("labels", $"{patched.At("metadata.labels.v")} {patched.At("metadata.labels.w")}");
                s.Note("generation", patched.At("metadata.generation"));
                var old = made.At("metadata.resourceVersion");
                var stale = $$$"""{ "metadata": { "resourceVersion": "{{{old}}}", "labels": { "v": "3" } } }""";
                await s.PatchAsync("from the old version", TrainingRuns, "one", stale);
                patched = await s.PatchAsync("remove", TrainingRuns, "one", """{"metadata":{"labels":{"w":null}}}""");
                s.Note("label", patched.At("metadata.labels.w"));
                patched = await s.PatchAsync("spec", TrainingRuns, "one", """{ "spec": { "suspend": true } }""");
                s.Note("generation", patched.At("metadata.generation"));
                await s.PatchAsync("of nothing", TrainingRuns, "two", label);
            },
            "label: ok",
            "labels: 2 1",
            "generation: 1",
            "from the old version: 409 Conflict",
            "remove: ok",
            "label: none",
            "spec: ok",
            "generation: 2",
            "of nothing: 404 NotFound"
        ),
        new(
            "What is immutable stays",
            async s =>
            {
                var made = await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "map", immutable: true));
                await s.ReplaceAsync("data", ConfigMaps, made.With("data.a", "2"));
                await s.ReplaceAsync("label", ConfigMaps, made.With("metadata.labels.v", "2"));
            },
            "data: 422 Invalid",
            "label: ok"
        ),
    ];
}
