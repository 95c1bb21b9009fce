namespace CodeParrot.Api.Status;

/// <summary>Where a run is, in one word.</summary>
public enum RunPhase
{
    /// <summary>No attempt has begun, or none may: the condition Accepted says why.</summary>
    Pending,

    /// <summary>Corpus or tokenizer is being made.</summary>
    Preparing,

    /// <summary>The ranks start.</summary>
    Starting,

    /// <summary>The ranks train.</summary>
    Running,

    /// <summary>An attempt ended and the next one follows, or lost pods of it are replaced.</summary>
    Restarting,

    /// <summary>Stopped by <c>spec.suspend</c>.</summary>
    Suspended,

    /// <summary>The model is evaluated or published.</summary>
    Evaluating,

    /// <summary>All stages are done. Terminal.</summary>
    Succeeded,

    /// <summary>Given up. Terminal.</summary>
    Failed,
}
