namespace CodeParrot.Api.Status;

/// <summary>How the ranks of the newest attempt talk to each other.</summary>
public sealed record NetworkStatus
{
    /// <summary>
    /// What carries gradients: tcp, nccl, or nccl with the ways it chose, the slowest first, as in
    /// <c>nccl: NET/Socket, P2P</c>.
    /// </summary>
    public string Transport { get; init; } = "";
}
