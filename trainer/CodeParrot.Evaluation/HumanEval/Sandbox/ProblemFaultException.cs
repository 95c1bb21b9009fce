namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>The tests of a problem cannot be run: the file of problems is at fault, no program is.</summary>
/// <param name="message">What is wrong.</param>
public sealed class ProblemFaultException(string message) : Exception(message);
