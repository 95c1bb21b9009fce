namespace CodeParrot.Operator.Core.Observation;

/// <summary>Which nodes the planner wants to know about: asked on demand, because nobody needs all of them.</summary>
public static class NodeQuestions
{
    /// <summary>Names of the nodes, each once; none in a healthy run.</summary>
    public static IReadOnlyList<string> Of(Observed observed) =>
        [
            .. observed
                .All()
                .Where(p => p.IsLiving && p.Node.Length > 0 && IsOverdue(observed, p))
                .Select(p => p.Node)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>
    /// True for a pod that was to be gone <c>nodeLostTimeout</c> ago, unless whoever holds it must let go.
    /// </summary>
    public static bool IsOverdue(Observed observed, PodObservation pod) =>
        !pod.Held
        && pod.DeletionDueAt is { } due
        && due + observed.Run.Spec.FailurePolicy.NodeLostTimeout is var lost
        && lost >= due
        && lost <= observed.Now;
}
