namespace CodeParrot.Contract.Spec;

/// <summary>Wait before a restart: doubles from initial to max.</summary>
public sealed record BackoffSpec
{
    /// <summary>Before the first restart.</summary>
    public TimeSpan Initial { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait.</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromMinutes(5);
}
