namespace CodeParrot.Contract.Spec;

/// <summary>What is done about a failure.</summary>
public enum FailureAction
{
    /// <summary>The run fails.</summary>
    Fail,

    /// <summary>A new attempt that counts against maxRestarts.</summary>
    Restart,

    /// <summary>A new attempt that does not count.</summary>
    RestartFree,

    /// <summary>A new attempt that avoids the culprit's node.</summary>
    RestartExcludingNode,

    /// <summary>Back to the checkpoint before the newest.</summary>
    Rollback,
}
