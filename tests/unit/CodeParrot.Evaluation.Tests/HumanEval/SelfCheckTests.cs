using CodeParrot.Evaluation.HumanEval;
using CodeParrot.Evaluation.HumanEval.Sandbox;
using CodeParrot.Evaluation.Tests.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.Tests.HumanEval;

public sealed class SelfCheckTests(Sandboxes sandboxes) : IClassFixture<Sandboxes>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Canonical_solutions_pass_and_empty_bodies_do_not()
    {
        var faults = await SelfCheck.RunAsync(OwnProblems.File.Problems, sandboxes.Full, Token);

        Assert.Empty(faults);
        Assert.Equal(12, OwnProblems.File.Problems.Count);
    }

    [Fact]
    public async Task A_wrong_solution_and_tests_that_find_nothing_are_told()
    {
        var first = OwnProblems.File.Problems[0];
        var wrong = first with { CanonicalSolution = "    return 0\n" };
        var blind = first with { TaskId = "blind", Test = "def check(candidate):\n    candidate([1, 2])\n" };

        var faults = await SelfCheck.RunAsync([wrong, blind], sandboxes.Full, Token);

        Assert.Equal(
            [(first.TaskId, true), ("blind", false)],
            faults.Select(fault => (fault.TaskId, fault.IsCanonical))
        );
        Assert.Equal(SandboxOutcome.Passed, faults[1].Verdict.Outcome);
    }
}
