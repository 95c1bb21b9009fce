using CodeParrot.Operator.Core.Disruption;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Promotion;
using CodeParrot.Operator.Core.Stages;
using CodeParrot.Operator.Core.Stall;

namespace CodeParrot.Operator.Core.Deadlines;

/// <summary>When something falls due although nothing changes.</summary>
internal static class NextDeadline
{
    private static readonly TimeSpan AskNodesAgain = TimeSpan.FromSeconds(30);

    /// <summary>Time to the first of a run's deadlines; null while none runs.</summary>
    public static TimeSpan? Of(Observed observed)
    {
        DateTimeOffset?[] due =
        [
            TotalDeadlinePolicy.Due(observed),
            StallPolicy.Due(observed)?.At,
            observed.Status.Gang.ReplaceAt,
            DisruptionBudgetPolicy.Until(observed),
            PromotionPolicy.Due(observed),
            TrainingEnd.Due(observed),
            .. observed.All().Where(p => p.IsLiving).Select(p => NodeDue(observed, p)),
        ];
        var left = due.Where(d => d > observed.Now).Min();
        return left - observed.Now;
    }

    private static DateTimeOffset? NodeDue(Observed observed, PodObservation pod) =>
        pod.DeletionDueAt is not { } due || pod.Node.Length == 0 || pod.Held ? null
        : NodeQuestions.IsOverdue(observed, pod) ? observed.Now + AskNodesAgain
        : due + observed.Run.Spec.FailurePolicy.NodeLostTimeout;
}
