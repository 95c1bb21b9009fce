using CodeParrot.Simulation.Tests.Invariants;
using CodeParrot.Simulation.Tests.Runs;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

public sealed class BugTests
{
    private const int MostSeeds = 150;

    // Few seeds have what these take: the first to be played.
    private static readonly Dictionary<string, int> RareBugs = new()
    {
        // A rank that comes late waits in vain, while the others train steadily.
        ["one that came late in vain ends the attempt"] = 150,
        // A history that was compacted while a watch was broken, and nothing afterwards that tells of it anew.
        ["410 does not list anew"] = 300,
    };

    public static TheoryData<string> Names => [.. Bugs.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_planted_bug_is_found(string bug)
    {
        var first = RareBugs.GetValueOrDefault(bug, 1);

        var found = SeedSearch.FirstFailure(Bugs.All[bug], Enumerable.Range(first, MostSeeds));

        Assert.NotNull(found);
        Assert.IsType<InvariantException>(found.Failure);
    }
}
