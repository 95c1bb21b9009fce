using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.Failure;
using CodeParrot.Operator.Core.Finish;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Rollback;
using CodeParrot.Operator.Core.Suspend;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Operator.Core.Tests.Planning;

public sealed class PlannerPropertyTests
{
    private static readonly int Histories = int.TryParse(Environment.GetEnvironmentVariable("HIST")!, out var h) ? h : 100;
    private const int Length = 40;

    private static readonly IReadOnlyList<IPolicy> Policies = Planner.PoliciesOf(new PlannerOptions());

    public static TheoryData<string> Bugs => [.. Mutants.Keys];

    private static Dictionary<string, Func<IEnumerable<IPolicy>>> Mutants { get; } =
        new()
        {
            ["old attempts are not waited for"] = () => Without<StaleAttemptPolicy>(),
            ["a finished run goes on"] = () => Without<FinishedPolicy>(),
            ["effects on pods are not fenced"] = () =>
                Policies.Select(p => new EditedPolicy(p, (_, plan) => Unfenced(plan))),
            ["suspend is not read"] = () => Without<SuspendPolicy>(),
            ["failures are not seen"] = () => Without<FailurePolicy>(),
            ["the attempt does not grow"] = () =>
                Edited<BeginPolicy>((o, s) => s with { Attempt = Math.Max(1, o.Status.Attempt) }),
            ["the attempt grows by two"] = () =>
                Edited<BeginPolicy>((o, s) => s with { Attempt = o.Status.Attempt + 2 }),
            ["a rollback is not latched"] = () =>
                Edited<RollbackPolicy>((o, s) => s with { Rollback = o.Status.Rollback }),
            ["the budget is never spent"] = () =>
                Edited<FailurePolicy>(
                    (_, s) => s.Phase == RunPhase.Failed ? s with { Phase = RunPhase.Restarting, FinishedAt = null } : s
                ),
            ["free restarts count"] = () =>
                Edited<FailurePolicy>(
                    (_, s) => s with { Budget = s.Budget with { Counted = s.Budget.Counted + s.Budget.Free, Free = 0 } }
                ),
            ["there is no wait before a restart"] = () =>
                Edited<FailurePolicy>((_, s) => s with { NextAttemptAt = null }),
            ["restarts are forgotten"] = () => Edited<FailurePolicy>((_, s) => s with { Restarts = 0 }),
        };

    [Fact]
    public void Every_history_keeps_the_invariants_and_ends()
    {
        Prop.ForAll(Draws(), draws => _ = Worlds.Histories.Play(new Planner(), draws))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Histories));
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Finds_the_planted_bug(string bug)
    {
        var planner = new Planner([.. Mutants[bug]()]);
        var random = new Random(1);

        // The seed is fixed, so that a bug is found in every run or in none.
        var histories = Enumerable.Range(0, 4 * Histories).Select(_ => Draw(random));

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

    private static Plan Unfenced(Plan plan) =>
        plan.Actions.Any(a => a is CreatePod or DeletePod)
            ? plan with
            {
                Actions = [.. plan.Actions.Where(a => a is not SetStatus)],
            }
            : plan;

    private static IEnumerable<IPolicy> Without<T>() => Policies.Where(p => p is not T);

    private static IEnumerable<IPolicy> Edited<T>(Func<Observed, RunStatus, RunStatus> edit) =>
        Policies.Select(p =>
            p is T
                ? new EditedPolicy(
                    p,
                    (o, plan) =>
                        plan with
                        {
                            Actions =
                            [
                                .. plan.Actions.Select(a => a is SetStatus s ? new SetStatus(edit(o, s.Status)) : a),
                            ],
                        }
                )
                : p
        );
}
