namespace CodeParrot.Contract.Runtime;

/// <summary>What stands before each line that a pod of several ranks prints for one of them.</summary>
public static class RankPrefix
{
    /// <summary>As in <c>[rank 3] </c>, with the space.</summary>
    public static string Of(int rank) => $"[rank {rank}] ";
}
