using System.Net.Sockets;

namespace CodeParrot.Distributed;

/// <summary>
/// An agreed membership. All ranks get the same values. <see cref="TcpProcessGroup.ConnectAsync"/> takes over the port
/// that the round holds open; a round that is not connected is disposed.
/// </summary>
/// <param name="Number">Grows with every round of the ranks that take part; the first is 1.</param>
/// <param name="Id">Random, 32 hex digits: connections of another round are refused by it.</param>
/// <param name="Members">By rank, 0 first; not all ranks where fewer are enough.</param>
/// <param name="StateSource">
/// The rank from whose memory the state is broadcast: the newest step in memory, the lowest rank among equals; -1 when
/// no rank has any.
/// </param>
/// <param name="Checkpoint">The newest checkpoint that any rank sees, to load when there is no state source; null if
/// none.</param>
public sealed record Round(int Number, string Id, IReadOnlyList<Member> Members, int StateSource, string? Checkpoint)
    : IDisposable
{
    /// <summary>Where a rank stands among the members, from 0; what a group calls its ranks.</summary>
    public int PositionOf(int rank) => Members.TakeWhile(member => member.Rank != rank).Count();

    internal Socket? RingListener { get; init; }

    /// <summary>Closes the port that waits for the previous rank, if it is still open.</summary>
    public void Dispose() => RingListener?.Dispose();
}
