using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.HumanEval;

/// <summary>A program of the self-check that came out wrong.</summary>
/// <param name="TaskId">The problem.</param>
/// <param name="IsCanonical">Whether it was the canonical solution, which must pass, or an empty body.</param>
/// <param name="Verdict">What it came to.</param>
public sealed record SelfCheckFault(string TaskId, bool IsCanonical, SandboxVerdict Verdict);
