namespace CodeParrot.Distributed;

/// <summary>Why a rank was not let in.</summary>
public enum RefusalReason
{
    /// <summary>It could not prove the key of the attempt, or the other side could not.</summary>
    WrongKey,

    /// <summary>It belongs to another run.</summary>
    WrongRun,

    /// <summary>Its attempt is over: it is a straggler and must exit.</summary>
    OlderAttempt,

    /// <summary>Its attempt is newer than the coordinator's, which is the straggler.</summary>
    NewerAttempt,

    /// <summary>A replacement has taken its place: it is a straggler and must exit.</summary>
    OlderGeneration,

    /// <summary>It counts on another number of ranks.</summary>
    WrongWorldSize,

    /// <summary>Its rank is taken by a living process.</summary>
    DuplicateRank,

    /// <summary>Its rank is outside the world.</summary>
    RankOutOfRange,

    /// <summary>It is not the neighbour that this place of the ring waits for.</summary>
    WrongNeighbour,
}
