namespace CodeParrot.Api.Status;

/// <summary>Restarts since the newest checkpoint; a newer one sets both counts back to 0.</summary>
public sealed record BudgetStatus
{
    /// <summary>Restarts that count against <c>failurePolicy.maxRestarts</c>.</summary>
    public int Counted { get; init; }

    /// <summary>Restarts that do not.</summary>
    public int Free { get; init; }

    /// <summary>Newest checkpoint at the last restart, <c>branch/name</c>; empty for none.</summary>
    public string Checkpoint { get; init; } = "";
}
