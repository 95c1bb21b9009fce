namespace CodeParrot.Operator.Core.Planning;

/// <summary>
/// Tells people, by an event on the run; stands behind the status write, and its loss changes nothing.
/// </summary>
/// <param name="Warning">True for what a person should look at.</param>
/// <param name="Reason">Stable name, as in <c>Restarting</c>.</param>
/// <param name="Message">What happened; at most 1 KiB is kept.</param>
public sealed record RecordEvent(bool Warning, string Reason, string Message) : PlanAction;
