namespace CodeParrot.Distributed.Ring;

/// <summary>The operations of a process group, as they are numbered on the wire.</summary>
internal enum CollectiveKind
{
    None = 0,
    AllReduceFloat = 1,
    AllReduceDouble = 2,
    ReduceScatterFloat = 3,
    AllGatherFloat = 4,
    Broadcast = 5,
    Barrier = 6,
}
