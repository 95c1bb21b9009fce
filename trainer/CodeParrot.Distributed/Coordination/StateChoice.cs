namespace CodeParrot.Distributed.Coordination;

/// <summary>Chooses whose state a round goes on from; pure, so that the choice can be replayed.</summary>
internal static class StateChoice
{
    /// <summary>
    /// The rank with the newest state in memory: the newest attempt first, since a rollback goes back to earlier steps,
    /// then the highest step, then the lowest rank. -1 when no rank holds any.
    /// </summary>
    public static int Source(IEnumerable<Member> members) =>
        members
            .Where(member => member.State.StepInMemory >= 0)
            .OrderByDescending(member => member.State.Attempt)
            .ThenByDescending(member => member.State.StepInMemory)
            .ThenBy(member => member.Rank)
            .Select(member => member.Rank)
            .DefaultIfEmpty(-1)
            .First();

    /// <summary>The newest checkpoint that any rank sees.</summary>
    public static string? Checkpoint(IEnumerable<Member> members) =>
        members
            .Select(member => member.State.NewestCheckpoint)
            .Where(name => name is not null)
            .Max(CheckpointNameComparer.Instance);
}
