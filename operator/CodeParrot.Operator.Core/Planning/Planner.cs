using CodeParrot.Operator.Core.Accept;
using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.Failure;
using CodeParrot.Operator.Core.Finish;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Pods;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Promotion;
using CodeParrot.Operator.Core.Rollback;
using CodeParrot.Operator.Core.Stages;
using CodeParrot.Operator.Core.Suspend;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>The decision list: policies are asked in order, and the first answer is the plan.</summary>
/// <param name="policies">The policies, most urgent first.</param>
public sealed class Planner(IReadOnlyList<IPolicy> policies)
{
    /// <summary>The policies of a run, in their order.</summary>
    public static IReadOnlyList<IPolicy> PoliciesOf(PlannerOptions options) =>
        [
            new AcceptPolicy(options),
            new RollbackPolicy(),
            new PromotionPolicy(),
            new FinishedPolicy(),
            new SuspendPolicy(),
            new FailurePolicy(),
            new StaleAttemptPolicy(),
            new StagePolicy(),
            new BeginPolicy(),
            new CreatePolicy(),
            new ProgressPolicy(),
        ];

    /// <summary>A planner with the policies of a run.</summary>
    /// <param name="options">What it may count on; that of a cluster unless given.</param>
    public Planner(PlannerOptions? options = null)
        : this(PoliciesOf(options ?? new PlannerOptions())) { }

    /// <summary>Decides; the same observation always gives the same plan.</summary>
    public Plan Plan(Observed observed)
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
