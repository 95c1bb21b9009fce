namespace CodeParrot.Api.Status;

/// <summary>One condition of a run, in Kubernetes' form.</summary>
/// <param name="Type">As in <c>Accepted</c>.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">A stable name.</param>
/// <param name="Message">For people.</param>
/// <param name="ObservedGeneration">Generation of the spec that this speaks of.</param>
/// <param name="LastTransitionTime">When the status changed last.</param>
public sealed record RunCondition(
    string Type,
    string Status,
    string Reason,
    string Message,
    long ObservedGeneration,
    DateTimeOffset LastTransitionTime
)
{
    /// <summary>The condition holds.</summary>
    public const string True = "True";

    /// <summary>The condition does not hold.</summary>
    public const string False = "False";
}
