namespace CodeParrot.Contract.Spec;

/// <summary>Kubernetes resource requirements of a pod's container.</summary>
public sealed record ResourcesSpec
{
    /// <summary>Most that it may use, by resource, as in <c>nvidia.com/gpu: 1</c>.</summary>
    public IReadOnlyDictionary<string, Quantity> Limits { get; init; } = new Dictionary<string, Quantity>();

    /// <summary>What it is sure to get, by resource; a limit without a request is also its request.</summary>
    public IReadOnlyDictionary<string, Quantity> Requests { get; init; } = new Dictionary<string, Quantity>();
}
