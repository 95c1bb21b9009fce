namespace CodeParrot.Simulation.Tests.Runs;

/// <summary>What came of one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Hash">Hash of all that happened.</param>
/// <param name="Faults">The faults that it had.</param>
/// <param name="Events">How many continuations and events ran.</param>
/// <param name="VirtualTime">How long it was.</param>
/// <param name="Failure">What was wrong; null for nothing.</param>
/// <param name="LastLines">The end of the trace.</param>
internal sealed record SeedResult(
    int Seed,
    string Hash,
    string Faults,
    long Events,
    TimeSpan VirtualTime,
    Exception? Failure,
    IReadOnlyList<string> LastLines
)
{
    /// <summary>What a person needs to look into it.</summary>
    public string Describe() =>
        $"seed {Seed} ({Faults}), hash {Hash}, {Events} events, {VirtualTime}\n"
        + $"{string.Join('\n', LastLines)}\n{Failure}";
}
