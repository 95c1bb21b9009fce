namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>
/// The sandbox itself failed, as where a machine lets it make no process; no program is judged by that.
/// </summary>
/// <param name="message">What its supervisor said last.</param>
/// <param name="cause">The failure underneath.</param>
public sealed class SandboxBrokenException(string message, Exception cause) : Exception(message, cause);
