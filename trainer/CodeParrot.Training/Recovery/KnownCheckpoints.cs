namespace CodeParrot.Training.Recovery;

/// <summary>The newest checkpoints of a run, by rank 0's word.</summary>
/// <param name="Newest">The newest complete one, <c>branch/name</c>; empty for none.</param>
/// <param name="Begun">The newest one that is complete or being written; null for none.</param>
internal sealed record KnownCheckpoints(string Newest, KnownCheckpoint? Begun)
{
    /// <summary>Gets the step of the newest one that is complete or being written; -1 for none.</summary>
    public long BegunStep => Begun?.Step ?? -1;
}
