using CodeParrot.Evaluation.HumanEval.Problems;
using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.HumanEval;

/// <summary>
/// Whether problems and sandbox can be relied upon: every canonical solution must pass, and no empty body may.
/// </summary>
public static class SelfCheck
{
    /// <summary>Yields every program whose verdict is not the one it must be, in the problems' order.</summary>
    /// <exception cref="ProblemsFileException">A problem's own code cannot be run.</exception>
    public static async Task<IReadOnlyList<SelfCheckFault>> RunAsync(
        IReadOnlyList<HumanEvalProblem> problems,
        PythonSandbox sandbox,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentNullException.ThrowIfNull(sandbox);
        var runs = problems
            .SelectMany(problem =>
                new[]
                {
                    (problem, MustPass: true, Body: problem.CanonicalSolution),
                    (problem, MustPass: false, Body: "\n    pass\n"),
                }
            )
            .Select(async run =>
            {
                var program = run.problem.Prompt + run.Body;
                var verdict = await ProblemTests.RunProgramAsync(sandbox, run.problem, program, cancellationToken);
                var isRight = verdict.Outcome == SandboxOutcome.Passed == run.MustPass;
                return isRight ? null : new SelfCheckFault(run.problem.TaskId, run.MustPass, verdict);
            });
        return [.. (await Task.WhenAll(runs)).OfType<SelfCheckFault>()];
    }
}
