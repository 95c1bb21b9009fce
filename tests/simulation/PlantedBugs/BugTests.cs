using CodeParrot.Simulation.Tests.Invariants;
using CodeParrot.Simulation.Tests.Runs;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

public sealed class BugTests
{
    private const int MostSeeds = 150;

    public static TheoryData<string> Names => [.. Bugs.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_planted_bug_is_found(string bug)
    {
        var found = SeedSearch.FirstFailure(Bugs.All[bug], Enumerable.Range(1, MostSeeds));

        Assert.NotNull(found);
        Assert.IsType<InvariantException>(found.Failure);
    }
}
