namespace CodeParrot.Operator.Core.Planning;

/// <summary>Stops a living pod with SIGTERM, or removes the record of one that ended.</summary>
/// <param name="Name">Name of the pod.</param>
/// <param name="Uid">Its UID; another pod of that name is left alone.</param>
/// <param name="Grace">Time before SIGKILL.</param>
/// <param name="Force">
/// True removes the object without waiting for its kubelet: for a node that is gone or unreachable past a timeout.
/// </param>
public sealed record DeletePod(string Name, string Uid, TimeSpan Grace, bool Force = false) : PlanAction;
