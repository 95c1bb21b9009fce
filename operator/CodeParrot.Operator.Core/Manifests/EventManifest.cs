using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>
/// An event on a run. It has no owner: the server lets events go after a while, and they outlive what they tell of.
/// </summary>
public static class EventManifest
{
    /// <summary>Most bytes of a note that the server takes.</summary>
    public const int MaxNoteBytes = 1024;

    private const string Controller = "codeparrot.dev/operator";
    private const int ShortLength = 128;
    private const string Ellipsis = "…";

    /// <summary>Builds it; the same event at the same time has the same name.</summary>
    /// <param name="run">The run.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="time">When.</param>
    /// <param name="instance">Who says so: a name of the operator's process.</param>
    public static JsonObject Build(TrainingRun run, RecordEvent happened, DateTimeOffset time, string instance)
    {
        var at = time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ");
        return new JsonObject
        {
            ["apiVersion"] = "events.k8s.io/v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{run.Metadata.Name}.{Digest(run, happened, at)}",
                ["namespace"] = run.Metadata.Namespace,
                ["labels"] = JsonMap.Of(ManifestHead.LabelsOf(run)),
            },
            ["eventTime"] = at,
            ["type"] = happened.Warning ? "Warning" : "Normal",
            ["reason"] = Cut(happened.Reason, ShortLength),
            ["action"] = "Reconcile",
            ["note"] = Cut(happened.Message, MaxNoteBytes),
            ["regarding"] = new JsonObject
            {
                ["apiVersion"] = run.ApiVersion,
                ["kind"] = run.Kind,
                ["name"] = run.Metadata.Name,
                ["namespace"] = run.Metadata.Namespace,
                ["uid"] = run.Metadata.Uid,
            },
            ["reportingController"] = Controller,
            ["reportingInstance"] = Cut(instance, ShortLength),
        };
    }

    private static string Digest(TrainingRun run, RecordEvent happened, string at)
    {
        var text = $"{run.Metadata.Uid}\n{at}\n{happened.Reason}\n{happened.Message}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    private static string Cut(string text, int mostBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= mostBytes)
        {
            return text;
        }

        var room = mostBytes - Encoding.UTF8.GetByteCount(Ellipsis);
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            kept.Append(rune);
        }

        return kept + Ellipsis;
    }
}
