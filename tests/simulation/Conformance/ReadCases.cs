using System.Text.Json;
using static CodeParrot.Operator.ApiServer.ResourceType;

namespace CodeParrot.Simulation.Tests.Conformance;

/// <summary>What a server answers to lists and watches.</summary>
internal static class ReadCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "A list holds what its selector matches, in the order of names",
            async s =>
            {
                await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "c").With("metadata.labels.w", "1"));
                await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "a").With("metadata.labels.w", "1"));
                await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "b"));
                s.Note("v=1,w", Names((await s.ListAsync(ConfigMaps, "v=1,w")).Items));
                s.Note("v=1,w=2", Names((await s.ListAsync(ConfigMaps, "v=1,w=2")).Items));
                s.Note("read nothing", await s.GetAsync(ConfigMaps, "d"));
            },
            "v=1,w: a c",
            "v=1,w=2: ",
            "read nothing: none"
        ),
        new(
            "Items of a list say their kind only where it is a custom one",
            async s =>
            {
                await s.CreateAsync(TrainingRuns, Bodies.Run(s, "one"));
                await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "map"));
                s.Note("run", (await s.ListAsync(TrainingRuns)).Items[0].TryGetProperty("kind", out _));
                s.Note("map", (await s.ListAsync(ConfigMaps, "v=1")).Items[0].TryGetProperty("kind", out _));
            },
            "run: True",
            "map: False"
        ),
        new(
            "A watch from a list's version tells what came after it, as it was then",
            async s =>
            {
                await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "before"));
                var (_, version) = await s.ListAsync(ConfigMaps, "v");
                var made = await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "map"));
                await s.ReplaceAsync("replace", ConfigMaps, made.With("metadata.labels.v", "2"));
                await s.DeleteAsync("delete", ConfigMaps, "map");
                await s.NoteEventsAsync(ConfigMaps, "v", version, 3);
            },
            "replace: ok",
            "delete: ok",
            "Added: map 1",
            "Modified: map 2",
            "Deleted: map 2"
        ),
        new(
            "What falls out of a watch's selector is deleted for it, with its last state in it",
            async s =>
            {
                var (_, version) = await s.ListAsync(ConfigMaps, "v=1");
                var made = await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "map"));
                var other = await s.ReplaceAsync("out", ConfigMaps, made.With("metadata.labels.v", "2"));
                await s.ReplaceAsync("in", ConfigMaps, other.With("metadata.labels.v", "1"));
                await s.NoteEventsAsync(ConfigMaps, "v=1", version, 3);
            },
            "out: ok",
            "in: ok",
            "Added: map 1",
            "Deleted: map 1",
            "Added: map 1"
        ),
        new(
            "A watch goes on behind the version of an event",
            async s =>
            {
                var made = await s.CreateAsync(ConfigMaps, Bodies.ConfigMap(s, "map"));
                var second = await s.ReplaceAsync("second", ConfigMaps, made.With("metadata.labels.v", "2"));
                await s.ReplaceAsync("third", ConfigMaps, second.With("metadata.labels.v", "3"));
                await s.NoteEventsAsync(ConfigMaps, "v", second.At("metadata.resourceVersion")!, 1);
            },
            "second: ok",
            "third: ok",
            "Modified: map 3"
        ),
    ];

    private static string Names(IEnumerable<JsonElement> items) =>
        string.Join(' ', items.Select(i => i.GetProperty("metadata").GetProperty("name").GetString()));
}
