using CodeParrot.Operator.Core.Accept;
using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.CheckpointRequests;
using CodeParrot.Operator.Core.Deadlines;
using CodeParrot.Operator.Core.Deletion;
using CodeParrot.Operator.Core.Disruption;
using CodeParrot.Operator.Core.Failure;
using CodeParrot.Operator.Core.Finish;
using CodeParrot.Operator.Core.Gangs;
using CodeParrot.Operator.Core.NodeLoss;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Pods;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Promotion;
using CodeParrot.Operator.Core.Rollback;
using CodeParrot.Operator.Core.Stages;
using CodeParrot.Operator.Core.Stall;
using CodeParrot.Operator.Core.Suspend;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>The decision list: policies are asked in order, and the first answer is the plan.</summary>
/// <param name="policies">The policies, most urgent first.</param>
public sealed class Planner(IReadOnlyList<IPolicy> policies)
{
    /// <summary>A planner with the policies of a run.</summary>
    /// <param name="options">What it may count on; that of a cluster unless given.</param>
    public Planner(PlannerOptions? options = null)
        : this(PoliciesOf(options ?? new PlannerOptions())) { }

    /// <summary>The policies of a run, in their order.</summary>
    public static IReadOnlyList<IPolicy> PoliciesOf(PlannerOptions options) =>
        [
            new NodeLostPolicy(),
            new ReleaseGangPolicy(),
            new DeletionPolicy(),
            new FinalizerPolicy(options),
            new AcceptPolicy(options),
            new RollbackPolicy(),
            new LostTargetPolicy(),
            new LateRequestPolicy(),
            new PromotionPolicy(besideAttempt: false),
            new PublishPolicy(),
            new DisruptionBudgetPolicy(),
            new FinishedPolicy(options),
            new SuspendPolicy(),
            new FailurePolicy(),
            new StaleAttemptPolicy(),
            new StagePolicy(),
            new TotalDeadlinePolicy(),
            new StallPolicy(),
            new BeginPolicy(),
            new CreatePolicy(),
            new PromotionPolicy(besideAttempt: true),
            new ProgressPolicy(),
        ];

    /// <summary>
    /// Decides; the same observation always gives the same plan. What changes in the status is told in events, and a
    /// plan without an earlier look is looked at again when the first deadline is due.
    /// </summary>
    public Plan Plan(Observed observed)
    {
        var plan = TransitionEvents.Add(observed.Status, First(observed));
        return NextDeadline.Of(observed) is { } due && !(plan.Requeue <= due) ? plan with { Requeue = due } : plan;
    }

    private Plan First(Observed observed)
    {
        foreach (var policy in policies)
        {
            if (policy.Decide(observed) is { } plan)
            {
                return plan with { Policy = policy.GetType().Name };
            }
        }

        return new Plan { Policy = nameof(Planner), Reason = "nothing to do" };
    }
}
