namespace CodeParrot.Evaluation.HumanEval.Problems;

/// <summary>One problem: a function's head and description, and tests for its body.</summary>
/// <param name="TaskId">Its name, for example <c>HumanEval/0</c>; no other problem of the file has it.</param>
/// <param name="Prompt">What the model continues: imports, the function's head, its description.</param>
/// <param name="EntryPoint">The function's name.</param>
/// <param name="CanonicalSolution">A body that passes; the tests may call what prompt and body define.</param>
/// <param name="Test">Code that defines <c>check(candidate)</c>, which raises for a wrong function.</param>
public sealed record HumanEvalProblem(
    string TaskId,
    string Prompt,
    string EntryPoint,
    string CanonicalSolution,
    string Test
);
