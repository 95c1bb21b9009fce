using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>Creates a pod; that it exists already means that the observation was old.</summary>
/// <param name="Pod">The pod.</param>
public sealed record CreatePod(PodSpec Pod) : PlanAction;
