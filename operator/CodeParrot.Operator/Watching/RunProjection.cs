using System.Text.Json;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Operator.Watching;

/// <summary>Reads a TrainingRun from its JSON; one that cannot be read is kept as such and stops no other.</summary>
/// <param name="texts">Where equal texts are one.</param>
internal sealed class RunProjection(TextPool texts)
{
    private const string Ours = "codeparrot.dev/";

    private readonly JsonSerializerOptions _json = Pooled(texts);

    /// <summary>What is kept of a run.</summary>
    public CachedObject<RunRecord> Of(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        var ns = texts.Of(metadata.GetProperty("namespace").GetString());
        var name = texts.Of(metadata.GetProperty("name").GetString());
        var uid = texts.Of(metadata.GetProperty("uid").GetString());
        var version = texts.Of(metadata.GetProperty("resourceVersion").GetString());
        return new CachedObject<RunRecord>(new ObjectKey(ns, name), new RunKey(ns, name), version, Read(item, uid));
    }

    private static JsonSerializerOptions Pooled(TextPool texts)
    {
        var options = new JsonSerializerOptions(ApiJson.Compact);
        options.Converters.Insert(0, new PooledTextConverter(texts));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
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

    private RunRecord Read(JsonElement item, string uid)
    {
        try
        {
            var run = item.Deserialize<TrainingRun>(_json);
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
