namespace CodeParrot.Contract.Spec;

/// <summary>Pods of one of the other stages.</summary>
public sealed record StageSpec
{
    /// <summary>Resources of the pod; nothing is inherited from the workers.</summary>
    public ResourcesSpec? Resources { get; init; }

    /// <summary>What is added to the pod.</summary>
    public PodTemplateSpec? Template { get; init; }
}
