using CodeParrot.Simulation.Tests.Invariants;
using CodeParrot.Simulation.Tests.Runs;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

public sealed class BugTests
{
    private const int MostSeeds = 150;

    // It takes a crash, or a lost answer, just between the two writes: few seeds have it.
    private const string RareBug = "pods are made before the status is written";
    private const int RareSeed = 650;

    public static TheoryData<string> Names => [.. Bugs.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_planted_bug_is_found(string bug)
    {
        var found = SeedSearch.FirstFailure(Bugs.All[bug], Enumerable.Range(bug == RareBug ? RareSeed : 1, MostSeeds));

        Assert.NotNull(found);
        Assert.IsType<InvariantException>(found.Failure);
    }
}
