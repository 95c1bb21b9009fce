using System.Text.Json;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>One event of a watch of pods.</summary>
/// <param name="At">When it was read, in ticks of the stopwatch.</param>
/// <param name="Kind">ADDED, MODIFIED or DELETED.</param>
/// <param name="Run">Name of the pod's run.</param>
/// <param name="Name">Name of the pod.</param>
/// <param name="Stage">Stage of the pod.</param>
/// <param name="Attempt">Attempt of the pod.</param>
/// <param name="PodIndex">Index of the pod.</param>
/// <param name="RunUid">UID of its run.</param>
internal sealed record PodEvent(
    long At,
    string Kind,
    string Run,
    string Name,
    string Stage,
    int Attempt,
    int PodIndex,
    string RunUid
)
{
    /// <summary>Reads an event of the server.</summary>
    public static PodEvent Of(long at, JsonElement change)
    {
        var metadata = change.GetProperty("object").GetProperty("metadata");
        var labels = metadata.GetProperty("labels");
        return new PodEvent(
            at,
            change.GetProperty("type").GetString()!,
            Label(labels, Api.Names.LabelNames.Run),
            metadata.GetProperty("name").GetString()!,
            Label(labels, Api.Names.LabelNames.Stage),
            Number(labels, Api.Names.LabelNames.Attempt),
            Number(labels, Api.Names.LabelNames.PodIndex),
            Label(labels, Api.Names.LabelNames.RunUid)
        );
    }

    private static string Label(JsonElement labels, string name) => labels.GetProperty(name).GetString()!;

    private static int Number(JsonElement labels, string name) =>
        int.Parse(Label(labels, name), System.Globalization.CultureInfo.InvariantCulture);
}
