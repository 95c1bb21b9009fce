namespace CodeParrot.Operator.Core.Planning;

/// <summary>Stops a living pod with SIGTERM, or removes the record of one that ended.</summary>
/// <param name="Name">Name of the pod.</param>
/// <param name="Uid">Its UID; another pod of that name is left alone.</param>
/// <param name="Grace">Time before SIGKILL.</param>
public sealed record DeletePod(string Name, string Uid, TimeSpan Grace) : PlanAction;
