namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>Generated programs cannot be run here; the message says why, and the remedy.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="cause">The failure underneath, if any.</param>
public sealed class SandboxUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
