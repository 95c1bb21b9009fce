namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>What became of a program.</summary>
public enum SandboxOutcome
{
    /// <summary>Its tests ran to their end and found nothing wrong.</summary>
    Passed,

    /// <summary>A test found it wrong, it raised something, or its process ended.</summary>
    Failed,

    /// <summary>It took too long.</summary>
    TimedOut,
}
