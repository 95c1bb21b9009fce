namespace CodeParrot.Distributed;

/// <summary>A rank died, left or stood still in the middle of a round. The trainer exits with code 43 on it.</summary>
public sealed class PeerLostException : Exception
{
    /// <summary>Stands for the rank where NCCL does not tell which one it was.</summary>
    public const int Unknown = -1;

    /// <summary>States which rank was lost, during what, and how it showed.</summary>
    public PeerLostException(int rank, string operation, string detail, Exception? inner = null)
        : base($"Lost {(rank == Unknown ? "a rank" : $"rank {rank}")} during {operation}: {detail}", inner)
    {
        Rank = rank;
        Operation = operation;
        Detail = detail;
    }

    /// <summary>
    /// The rank that was lost, as far as the survivors can tell: the one whose connection broke first, or the neighbour
    /// from which nothing came until the deadline; or <see cref="Unknown"/>.
    /// </summary>
    public int Rank { get; }

    /// <summary>What this rank was doing, for example <c>AllReduceFloat #12 (4096 bytes)</c>.</summary>
    public string Operation { get; }

    /// <summary>How the loss showed: connection closed, reset, or nothing moved for some time.</summary>
    public string Detail { get; }
}
