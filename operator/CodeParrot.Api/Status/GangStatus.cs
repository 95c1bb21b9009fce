namespace CodeParrot.Api.Status;

/// <summary>
/// Shape of the current attempt's gang, fixed when the attempt began: an edit of the spec acts at the next attempt.
/// </summary>
public sealed record GangStatus
{
    /// <summary>Pods of the train stage.</summary>
    public int Pods { get; init; }

    /// <summary>Ranks in one pod of the train stage.</summary>
    public int RanksPerPod { get; init; } = 1;

    /// <summary>CPU threads of one rank; null leaves it to the place where the pod runs.</summary>
    public int? Threads { get; init; }

    /// <summary>Name of the Secret that the attempt's ranks prove to each other.</summary>
    public string RendezvousKey { get; init; } = "";

    /// <summary>True once every pod of the current stage was seen: one that is missing now has vanished.</summary>
    public bool Created { get; init; }
}
