namespace CodeParrot.Operator.Core.Observation;

/// <summary>Kubernetes' phases of a pod.</summary>
public enum PodPhase
{
    /// <summary>Accepted, not running yet.</summary>
    Pending,

    /// <summary>Its process runs.</summary>
    Running,

    /// <summary>Ended with exit code 0.</summary>
    Succeeded,

    /// <summary>Ended otherwise.</summary>
    Failed,

    /// <summary>Its node does not say; its process may run.</summary>
    Unknown,
}
