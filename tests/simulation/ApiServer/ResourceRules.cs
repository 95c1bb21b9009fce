using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Scheduling;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>In what types differ from each other.</summary>
internal static class ResourceRules
{
    /// <summary>True for types whose status is written apart.</summary>
    public static bool HasStatus(ResourceType type) =>
        type == ResourceType.TrainingRuns || type == ResourceType.Pods || type == ResourceType.PodDisruptionBudgets;

    /// <summary>True for types whose <c>metadata.generation</c> counts changes of the spec.</summary>
    public static bool CountsGenerations(ResourceType type) =>
        type == ResourceType.TrainingRuns
        || type == ResourceType.PodDisruptionBudgets
        || type == ResourceType.NetworkPolicies;

    /// <summary>True for types that may be replaced without saying which version was read.</summary>
    public static bool AllowsUnconditionalUpdate(ResourceType type) =>
        type != ResourceType.TrainingRuns && type.Kind != PodGroup.Kind;

    public static void PrepareForCreate(ResourceType type, JsonObject body)
    {
        if (HasStatus(type))
        {
            body.Remove("status");
        }

        if (type == ResourceType.Pods)
        {
            body["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = "Burstable" };
            var spec = body.Child("spec");
            spec.TryAdd("terminationGracePeriodSeconds", 30);
            spec.TryAdd("restartPolicy", "Always");
        }
    }

    /// <summary>Puts back what a writer may not change, and counts what it did.</summary>
    public static void PrepareForUpdate(StoredObject old, JsonObject body, string subresource)
    {
        var type = old.Key.Type;
        if (subresource == "status")
        {
            KeepAllBut("status", old.Body, body);
        }
        else if (HasStatus(type))
        {
            Put(body, "status", old.Body["status"]);
        }

        body["apiVersion"] = type.ApiVersion;
        body["kind"] = type.Kind;
        var metadata = body.Child("metadata");
        var kept = old.Body["metadata"]!.AsObject();
        foreach (
            var name in (string[])
                [
                    "uid",
                    "creationTimestamp",
                    "generation",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds",
                    "resourceVersion",
                ]
        )
        {
            Put(metadata, name, kept[name]);
        }

        CheckImmutable(old, body);
        if (CountsGenerations(type) && !SameApartFromStatus(old.Body, body))
        {
            metadata["generation"] = kept.Number("generation") + 1;
        }
    }

    private static void CheckImmutable(StoredObject old, JsonObject body)
    {
        var immutable = (old.Body["immutable"] as JsonValue)?.GetValue<bool>() ?? false;
        if (immutable && !JsonNode.DeepEquals(old.Body["data"], body["data"]))
        {
            throw Refusals.Invalid(old.Key, "data: Forbidden: field is immutable when `immutable` is set");
        }
    }

    private static bool SameApartFromStatus(JsonObject old, JsonObject body) =>
        old.Select(p => p.Key)
            .Union(body.Select(p => p.Key))
            .Where(n => n is not "metadata" and not "status")
            .All(n => JsonNode.DeepEquals(old[n], body[n]));

    private static void KeepAllBut(string name, JsonObject old, JsonObject body)
    {
        foreach (var other in body.Select(p => p.Key).Union(old.Select(p => p.Key)).Where(n => n != name).ToList())
        {
            Put(body, other, old[other]);
        }
    }

    private static void Put(JsonObject body, string name, JsonNode? value)
    {
        if (value is null)
        {
            body.Remove(name);
        }
        else
        {
            body[name] = value.DeepClone();
        }
    }
}
