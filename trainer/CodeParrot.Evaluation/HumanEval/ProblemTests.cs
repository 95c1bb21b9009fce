using CodeParrot.Evaluation.HumanEval.Problems;
using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.HumanEval;

/// <summary>A completion against the tests of its problem.</summary>
internal static class ProblemTests
{
    /// <summary>Runs the program that a completion of the cut prompt makes.</summary>
    /// <exception cref="ProblemsFileException">The problem's own code cannot be run.</exception>
    public static Task<SandboxVerdict> RunAsync(
        PythonSandbox sandbox,
        HumanEvalProblem problem,
        string completion,
        CancellationToken cancellationToken
    ) => RunProgramAsync(sandbox, problem, HumanEvalSampler.PromptOf(problem) + completion, cancellationToken);

    /// <summary>Runs a program as it is.</summary>
    /// <exception cref="ProblemsFileException">The problem's own code cannot be run.</exception>
    public static async Task<SandboxVerdict> RunProgramAsync(
        PythonSandbox sandbox,
        HumanEvalProblem problem,
        string program,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await sandbox.RunAsync(
                new SandboxProgram(
                    program + "\n",
                    problem.EntryPoint,
                    // Some tests call what the prompt defines beside the function.
                    problem.Prompt + problem.CanonicalSolution,
                    problem.Test
                ),
                cancellationToken
            );
        }
        catch (ProblemFaultException e)
        {
            throw new ProblemsFileException(problem.TaskId, 0, e.Message, e);
        }
    }
}
