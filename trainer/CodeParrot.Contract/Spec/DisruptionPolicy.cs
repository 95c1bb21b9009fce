namespace CodeParrot.Contract.Spec;

/// <summary>Whether voluntary disruptions wait for a checkpoint.</summary>
public enum DisruptionPolicy
{
    /// <summary>Pods may be evicted at any time.</summary>
    Allow,

    /// <summary>A PodDisruptionBudget holds evictions back until a checkpoint is committed.</summary>
    BlockUntilCheckpoint,
}
