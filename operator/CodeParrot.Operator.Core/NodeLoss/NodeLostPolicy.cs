using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.NodeLoss;

/// <summary>
/// Removes pods that were to be gone long ago, when their node is gone or unreachable. A node that answers, or of which
/// nothing is known, keeps its pods: its kubelet may be slow, and two attempts must not live.
/// </summary>
public sealed class NodeLostPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var lost = observed.All().Where(p => p.IsLiving && NodeQuestions.IsOverdue(observed, p) && IsLost(observed, p));
        var pods = lost.ToList();
        if (pods.Count == 0)
        {
            return null;
        }

        var nodes = string.Join(", ", pods.Select(p => p.Node).Distinct(StringComparer.Ordinal));
        var message = $"{pods.Count} pods did not go, and their nodes do not answer ({nodes}): they are removed";
        // A crash may have come between the making of a pod and the word that all are made: one of its name must not
        // be made again beside a node that may only be out of reach.
        var status = pods.Exists(observed.IsCurrent) ? GangState.Closed(observed) : observed.Status;
        return PlanBuilder.DoFenced(
            message,
            status,
            [
                .. pods.Select(p => new DeletePod(p.Name, p.Uid, TimeSpan.Zero, Force: true)),
                new RecordEvent(Warning: true, "NodeLost", message),
            ]
        );
    }

    private static bool IsLost(Observed observed, PodObservation pod) =>
        observed.Nodes.GetValueOrDefault(pod.Node) is NodeState.Gone or NodeState.Unreachable;
}
