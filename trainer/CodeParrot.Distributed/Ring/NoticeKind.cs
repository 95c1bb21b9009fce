namespace CodeParrot.Distributed.Ring;

/// <summary>What a rank tells its predecessor against the direction of the data.</summary>
internal enum NoticeKind
{
    None = 0,

    /// <summary>The rank leaves in good order: it needs nothing more.</summary>
    Goodbye = 1,

    /// <summary>A rank was lost; the notice names it.</summary>
    PeerLost = 2,

    /// <summary>Two ranks called different collectives; the notice names both.</summary>
    Mismatch = 3,

    /// <summary>
    /// A rank waits, for a while already: the notice says in what, for how long and for whom. It goes round the ring.
    /// </summary>
    Waiting = 4,
}
