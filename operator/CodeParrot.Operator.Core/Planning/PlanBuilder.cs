using System.Text.Json;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>Short ways to say the usual plans.</summary>
internal static class PlanBuilder
{
    /// <summary>A plan that waits for a change, or at most for <paramref name="requeue"/>.</summary>
    public static Plan Wait(string reason, TimeSpan? requeue = null) => new() { Reason = reason, Requeue = requeue };

    /// <summary>A plan of effects.</summary>
    public static Plan Do(string reason, params IEnumerable<PlanAction> actions) =>
        new() { Reason = reason, Actions = [.. actions] };

    /// <summary>
    /// A plan of effects on pods behind a status write, even one that changes nothing: it fails when the observation is
    /// old, and then no pod is made or stopped for a decision that does not hold any more.
    /// </summary>
    public static Plan DoFenced(string reason, RunStatus status, params IEnumerable<PlanAction> actions) =>
        Do(reason, [new SetStatus(status), .. actions]);

    /// <summary>A plan that writes a status, or null where it would change nothing.</summary>
    public static Plan? Write(Observed observed, RunStatus status, string reason) =>
        Same(observed.Status, status) ? null : Do(reason, new SetStatus(status));

    /// <summary>
    /// True for equal statuses; records compare collections by reference, text compares what is in them.
    /// </summary>
    public static bool Same(RunStatus a, RunStatus b) =>
        ReferenceEquals(a, b)
        || JsonSerializer.Serialize(a, ApiJson.Compact) == JsonSerializer.Serialize(b, ApiJson.Compact);
}
