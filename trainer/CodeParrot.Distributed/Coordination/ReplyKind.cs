namespace CodeParrot.Distributed.Coordination;

/// <summary>What the coordinator has to say.</summary>
internal enum ReplyKind
{
    /// <summary>The rank is in; others are missing.</summary>
    Waiting = 1,

    /// <summary>The rank is turned away.</summary>
    Refused = 2,

    /// <summary>All ranks are in.</summary>
    Agreed = 3,

    /// <summary>The coordinator gives up.</summary>
    TimedOut = 4,
}
