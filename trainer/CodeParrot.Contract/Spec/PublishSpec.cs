namespace CodeParrot.Contract.Spec;

/// <summary>What becomes the published model.</summary>
public sealed record PublishSpec
{
    /// <summary><c>Never</c>, <c>OnSuccess</c>, or the name of a checkpoint.</summary>
    public string Promote { get; init; } = OnSuccess;

    /// <summary>The last checkpoint is promoted when the run succeeds.</summary>
    public const string OnSuccess = "OnSuccess";

    /// <summary>Nothing is promoted.</summary>
    public const string Never = "Never";
}
