using System.Text.Json;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Operator.Watching;

/// <summary>Reads a TrainingRun from its JSON; one that cannot be read is kept as such and stops no other.</summary>
internal static class RunProjection
{
    private const string Ours = "codeparrot.dev/";

    /// <summary>What is kept of a run.</summary>
    public static CachedObject<RunRecord> Of(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        var ns = metadata.GetProperty("namespace").GetString() ?? "";
        var name = metadata.GetProperty("name").GetString() ?? "";
        var uid = metadata.GetProperty("uid").GetString() ?? "";
        var version = metadata.GetProperty("resourceVersion").GetString() ?? "";
        return new CachedObject<RunRecord>(new ObjectKey(ns, name), new RunKey(ns, name), version, Read(item, uid));
    }

    // kubectl keeps the whole manifest in an annotation once more.
    private static TrainingRun Trim(TrainingRun run) =>
        run with
        {
            Metadata = run.Metadata with
            {
                Annotations = run.Metadata.Annotations.Where(a => a.Key.StartsWith(Ours)).ToDictionary(),
            },
        };

    private static RunRecord Read(JsonElement item, string uid)
    {
        try
        {
            var run = item.Deserialize<TrainingRun>(ApiJson.Compact);
            return run is null ? new RunRecord(uid, null, "the object is empty") : new RunRecord(uid, Trim(run), "");
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or FormatException
                        or NotSupportedException
                        or ArgumentException
                        or ArithmeticException
                        or InvalidOperationException
            )
        {
            return new RunRecord(uid, null, e.Message);
        }
    }
}
