namespace CodeParrot.Contract.Runtime;

/// <summary>Exit codes of a trainer process; the operator's failure rules read them.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Something unforeseen: a bug, or a fault of the machine.</summary>
    Unexpected = 1,

    /// <summary>The user's mistake: a new attempt would end alike.</summary>
    UserMistake = 2,

    /// <summary>Data in the store is not what its digest says.</summary>
    CorruptData = 3,

    /// <summary>The loss is not a number.</summary>
    Diverged = 40,

    /// <summary>Out of memory: the GPU's, or on a CPU the process's own.</summary>
    OutOfGpuMemory = 41,

    /// <summary>The store cannot be reached, or is full.</summary>
    StoreUnreachable = 42,

    /// <summary>Another rank was lost, or a newer attempt has taken over.</summary>
    PeerLost = 43,

    /// <summary>The GPU reports a fault.</summary>
    GpuFault = 44,

    /// <summary>Stopped on request, after a checkpoint.</summary>
    Stopped = 75,
}
