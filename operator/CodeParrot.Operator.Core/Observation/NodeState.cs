namespace CodeParrot.Operator.Core.Observation;

/// <summary>What is known of a node whose pods do not go.</summary>
public enum NodeState
{
    /// <summary>It may not be asked for, or does not answer clearly.</summary>
    Unknown,

    /// <summary>Its kubelet reports.</summary>
    Ready,

    /// <summary>It is tainted as unreachable or out of service, or its kubelet does not report.</summary>
    Unreachable,

    /// <summary>There is no such node any more.</summary>
    Gone,
}
