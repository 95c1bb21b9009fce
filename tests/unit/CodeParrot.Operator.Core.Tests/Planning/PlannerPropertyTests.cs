using System.Globalization;
using CodeParrot.Operator.Core.Planning;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Operator.Core.Tests.Planning;

public sealed class PlannerPropertyTests
{
    private const int Histories = 300;
    private const int Length = 40;

    public static TheoryData<string> Bugs => [.. PlantedBugs.All.Keys];

    [Fact]
    public void Every_history_keeps_the_invariants_and_ends()
    {
        // A test run has the same histories each time; CODEPARROT_HISTORIES=20000 searches for new ones.
        var wanted = Environment.GetEnvironmentVariable("CODEPARROT_HISTORIES");
        var count = wanted is null ? Histories : int.Parse(wanted, CultureInfo.InvariantCulture);
        var seed = wanted is null ? 1 : Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var draws = Draw(random);
            var failure = Record.Exception(() => Worlds.Histories.Play(new Planner(), draws));
            Assert.True(failure is null, $"history {i} of seed {seed}, [{string.Join(", ", draws)}]: {failure}");
        }
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Finds_the_planted_bug(string bug)
    {
        var planner = new Planner([.. PlantedBugs.All[bug]()]);
        var random = new Random(1);

        // The seed is fixed, so that a bug is found in every run or in none.
        var histories = Enumerable.Range(0, 400).Select(_ => Draw(random));

        Assert.Contains(histories, draws => Fails(planner, draws));
    }

    [Fact]
    public void Any_observation_gives_a_plan()
    {
        // Statuses and pods that do not fit each other: whoever edited them, the planner must not fall.
        Prop.ForAll(
                Draws(),
                draws =>
                {
                    var observed = Nonsense.Of(draws);
                    var plan = new Planner().Plan(observed);
                    Assert.Equal(plan.ToString(), new Planner().Plan(observed).ToString());
                    Assert.NotEmpty(plan.Reason);
                    Invariants.CheckPlan(observed, plan, plan);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static Arbitrary<int[]> Draws() => Gen.Choose(0, 100_000).ArrayOf(Length).ToArbitrary();

    private static int[] Draw(Random random) => [.. Enumerable.Range(0, Length).Select(_ => random.Next(100_000))];

    private static bool Fails(Planner planner, int[] draws)
    {
        try
        {
            Worlds.Histories.Play(planner, draws);
            return false;
        }
        catch (InvariantException)
        {
            return true;
        }
    }
}
