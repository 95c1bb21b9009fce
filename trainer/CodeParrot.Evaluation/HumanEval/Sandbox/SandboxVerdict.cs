namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>What a program came to.</summary>
/// <param name="Outcome">Passed, failed or timed out.</param>
/// <param name="Error">
/// Class of the failure: AssertionError for a wrong answer, or what the program raised; Exited, Crashed or Killed where
/// its process ended. The program may choose this word freely, but never the outcome. Empty unless it failed.
/// </param>
/// <param name="Message">What it said, in one line of at most 200 characters.</param>
public sealed record SandboxVerdict(SandboxOutcome Outcome, string Error = "", string Message = "");
