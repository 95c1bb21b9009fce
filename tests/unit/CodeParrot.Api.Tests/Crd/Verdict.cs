namespace CodeParrot.Api.Tests.Crd;

/// <summary>
/// What a Kubernetes API server said of a row of the table: the fields that it blamed, none where it took the object,
/// null where that was not asked.
/// </summary>
/// <param name="Manifest">The row.</param>
public sealed record Verdict(JudgedManifest Manifest)
{
    /// <summary>Of a new run.</summary>
    public string[]? Created { get; init; }

    /// <summary>Of the operator's status, for a run that was there before the rule that refuses it.</summary>
    public string[]? KeptStatus { get; init; }

    /// <summary>Of such a run's end.</summary>
    public string[]? KeptFinalizer { get; init; }

    /// <summary>Of the edit of a run that has begun.</summary>
    public string[]? Edited { get; init; }

    /// <summary>Of the edit back.</summary>
    public string[]? PutBack { get; init; }

    /// <summary>Of the edit of a run that has not begun.</summary>
    public string[]? EditedEarly { get; init; }
}
