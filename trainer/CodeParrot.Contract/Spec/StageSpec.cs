using System.Text.Json.Nodes;

namespace CodeParrot.Contract.Spec;

/// <summary>Pods of one of the other stages.</summary>
public sealed record StageSpec
{
    /// <summary>Kubernetes resource requirements of the pod.</summary>
    public JsonObject? Resources { get; init; }

    /// <summary>Merged into the pod.</summary>
    public JsonObject? Template { get; init; }
}
