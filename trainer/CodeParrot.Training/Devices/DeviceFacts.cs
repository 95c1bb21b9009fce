namespace CodeParrot.Training.Devices;

/// <summary>What decides where a rank computes.</summary>
public sealed record DeviceFacts
{
    /// <summary>Whether the program was built with CUDA's libtorch.</summary>
    public required bool IsCudaBuild { get; init; }

    /// <summary>GPUs that the process sees; 0 without that build.</summary>
    public required int VisibleDevices { get; init; }

    /// <summary>Index of the rank in the gang.</summary>
    public int Rank { get; init; }

    /// <summary>Ranks of the pod.</summary>
    public int LocalWorldSize { get; init; } = 1;

    /// <summary>Whether the run's resources ask for GPUs.</summary>
    public bool RequestsGpus { get; init; }

    /// <summary>What the environment says: <c>cpu</c>, <c>cuda</c>, or null to choose.</summary>
    public string? Override { get; init; }
}
