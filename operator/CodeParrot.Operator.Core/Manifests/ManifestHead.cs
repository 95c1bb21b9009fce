using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>What all objects of a run begin with: kind, name, labels and owner.</summary>
internal static class ManifestHead
{
    private const string Application = "codeparrot";

    /// <summary>The head of an object that goes when the run goes.</summary>
    public static JsonObject Of(TrainingRun run, string apiVersion, string kind, string name) =>
        new()
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = run.Metadata.Namespace,
                ["labels"] = JsonMap.Of(LabelsOf(run)),
                ["ownerReferences"] = OwnerOf(run),
            },
        };

    /// <summary>Labels of everything that belongs to a run.</summary>
    public static SortedDictionary<string, string> LabelsOf(TrainingRun run) =>
        new(StringComparer.Ordinal)
        {
            [LabelNames.Name] = Application,
            [LabelNames.Instance] = run.Metadata.Name,
            [LabelNames.ManagedBy] = LabelNames.ManagedByValue,
            [LabelNames.Run] = run.Metadata.Name,
            [LabelNames.RunUid] = run.Metadata.Uid,
        };

    /// <summary>The run as the only owner.</summary>
    public static JsonArray OwnerOf(TrainingRun run) =>
        [
            new JsonObject
            {
                ["apiVersion"] = run.ApiVersion,
                ["kind"] = run.Kind,
                ["name"] = run.Metadata.Name,
                ["uid"] = run.Metadata.Uid,
                ["controller"] = true,
                // A deletion in the foreground waits for the pods.
                ["blockOwnerDeletion"] = true,
            },
        ];

    /// <summary>Selects the pods of a run, and of no namesake.</summary>
    public static JsonObject PodsOf(TrainingRun run) => new() { [LabelNames.RunUid] = run.Metadata.Uid };
}
