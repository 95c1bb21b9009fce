namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>A generated program, and how it is tested.</summary>
/// <param name="Source">The program.</param>
/// <param name="EntryPoint">Function that it defines.</param>
/// <param name="Setup">Trusted code whose names the tests may use; the program's process never holds it.</param>
/// <param name="Test">Trusted code that defines <c>check(candidate)</c>; nor this.</param>
public sealed record SandboxProgram(string Source, string EntryPoint, string Setup, string Test);
