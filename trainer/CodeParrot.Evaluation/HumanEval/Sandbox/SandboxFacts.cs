namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>What a sandbox is made of on this machine.</summary>
/// <param name="Python">Version of the interpreter.</param>
/// <param name="Isolation">The isolation in force.</param>
/// <param name="Missing">Why it is not more; empty if it is all.</param>
public sealed record SandboxFacts(string Python, Isolation Isolation, string Missing);
