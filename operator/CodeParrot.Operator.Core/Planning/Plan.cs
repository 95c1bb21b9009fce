using System.Text.Json;
using CodeParrot.Api.Resources;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>What is to be done about an observation, why, and when to look again if nothing changes.</summary>
public sealed record Plan
{
    /// <summary>Policy that decided.</summary>
    public string Policy { get; init; } = "";

    /// <summary>Why, for people.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Effects, in order: at most one status write, and it stands before every creation of a pod.</summary>
    public IReadOnlyList<PlanAction> Actions { get; init; } = [];

    /// <summary>When to observe again although nothing changed; null waits for a change.</summary>
    public TimeSpan? Requeue { get; init; }

    /// <summary>True when the run is over and none of its pods lives.</summary>
    public bool Finished { get; init; }

    /// <summary>The plan as text; equal plans give equal text.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, ApiJson.Compact);
}
