using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
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
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Promotion;
using CodeParrot.Operator.Core.Rollback;
using CodeParrot.Operator.Core.Stall;
using CodeParrot.Operator.Core.Suspend;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>Decision lists with a mistake each, which the histories must find.</summary>
internal static class PlantedBugs
{
    private static readonly IReadOnlyList<IPolicy> Policies = Planner.PoliciesOf(new PlannerOptions());

    public static IReadOnlyDictionary<string, Func<IEnumerable<IPolicy>>> All { get; } =
        new Dictionary<string, Func<IEnumerable<IPolicy>>>
        {
            ["old attempts are not waited for"] = Without<StaleAttemptPolicy>,
            ["a finished run goes on"] = Without<FinishedPolicy>,
            ["suspend is not read"] = Without<SuspendPolicy>,
            ["failures are not seen"] = Without<FailurePolicy>,
            ["lost nodes keep their pods"] = Without<NodeLostPolicy>,
            ["a deleted run goes on"] = Without<DeletionPolicy>,
            ["the finalizer is forgotten"] = Without<FinalizerPolicy>,
            ["gangs are never released"] = Without<ReleaseGangPolicy>,
            ["a gang that hangs is not noticed"] = Without<StallPolicy>,
            ["the total deadline is not kept"] = Without<TotalDeadlinePolicy>,
            ["requests for a checkpoint are passed over"] = Without<LateRequestPolicy>,
            ["a request for a checkpoint is answered again and again"] = () =>
                Written<ProgressPolicy>(
                    (o, s) =>
                        s.CheckpointRequest is { } answered
                            ? s with
                            {
                                CheckpointRequest = answered with { At = o.Now },
                            }
                            : s
                ),
            ["promotions are passed over"] = Without<PromotionPolicy>,
            ["a run's end replaces what was promoted"] = Without<PublishPolicy>,
            ["effects on pods are not fenced"] = () =>
                Policies.Select(p => new EditedPolicy(p, (_, plan) => Unfenced(plan))),
            ["the attempt does not grow"] = () =>
                Written<BeginPolicy>((o, s) => s with { Attempt = Math.Max(1, o.Status.Attempt) }),
            ["the attempt grows by two"] = () =>
                Written<BeginPolicy>((o, s) => s with { Attempt = o.Status.Attempt + 2 }),
            ["a rollback is not latched"] = () =>
                Written<RollbackPolicy>((o, s) => s with { Rollback = o.Status.Rollback }),
            ["the budget is never spent"] = () =>
                Written<FailurePolicy>(
                    (_, s) => s.Phase == RunPhase.Failed ? s with { Phase = RunPhase.Restarting, FinishedAt = null } : s
                ),
            ["free restarts count"] = () =>
                Written<FailurePolicy>(
                    (_, s) => s with { Budget = s.Budget with { Counted = s.Budget.Counted + s.Budget.Free, Free = 0 } }
                ),
            ["there is no wait before a restart"] = () =>
                Written<FailurePolicy>((_, s) => s with { NextAttemptAt = null }),
            ["restarts are forgotten"] = () => Written<FailurePolicy>((_, s) => s with { Restarts = 0 }),
            ["a failed attempt still shows its ranks"] = () =>
                Written<FailurePolicy>((_, s) => s with { Workers = new WorkersStatus(2, 0, 1) }),
            ["lost pods are found lost again"] = () =>
                Seen<FailurePolicy>(o => o with { Run = WithGang(o.Run, g => g with { Replacing = [] }) }),
            ["replacements are no other pods"] = () =>
                Acted<CreatePolicy>(a => a is CreatePod c ? new CreatePod(c.Pod with { Generation = 0 }) : a),
            ["the end has no time"] = () => Written<TotalDeadlinePolicy>((_, s) => s with { FinishedAt = null }),
            ["a broken spec begins attempts"] = () => Seen<BeginPolicy>(Accepted),
            ["every node counts as lost"] = () =>
                Seen<NodeLostPolicy>(o =>
                    o with
                    {
                        Nodes = o.Pods.Select(p => p.Node).Distinct().ToDictionary(n => n, _ => NodeState.Gone),
                    }
                ),
            ["pods are removed by force"] = () =>
                Acted<StaleAttemptPolicy>(a => a is DeletePod d ? d with { Force = true } : a),
            ["the finalizer goes before the objects"] = () =>
                Planned<DeletionPolicy>((o, plan) => plan.Actions.OfType<CreatePod>().Any() ? Release(plan) : plan),
            ["the cleanup is tried for ever"] = () =>
                Written<DeletionPolicy>(
                    (o, s) =>
                        s.Cleanup?.Result == ConditionReasons.ArtifactsLeft && o.Status.Cleanup is { } c
                            ? s with
                            {
                                Cleanup = c with { Tries = c.Tries + 1, StartedAt = o.Now },
                            }
                            : s
                ),
            ["ranks get no key"] = () => Acted<CreatePolicy>(a => a is EnsureRendezvousKey ? null : a),
            ["the gang scheduler hears of no gang"] = () => Acted<CreatePolicy>(a => a is EnsureGang ? null : a),
            ["pods have no snapshot"] = () => Acted<BeginPolicy>(a => a is EnsureSnapshot ? null : a),
            ["pods cannot be reached"] = () => Acted<BeginPolicy>(a => a is EnsureNetwork ? null : a),
            ["evictions are held back for ever"] = () =>
                Acted<DisruptionBudgetPolicy>(a => a is SetDisruptionBudget { Blocks: false } ? null : a),
            ["a checkpoint is promoted again and again"] = () =>
                Written<PromotionPolicy>(
                    (o, s) => s with { Promotion = s.Promotion! with { Tries = (o.Status.Promotion?.Tries ?? 0) + 1 } }
                ),
            ["the time to live is not kept"] = () =>
                Planned<FinishedPolicy>((_, plan) => plan.Actions.OfType<DeleteRun>().Any() ? PlanOf("keep it") : plan),
            ["events come before effects"] = () =>
                Planned<NodeLostPolicy>((_, plan) => plan with { Actions = [.. plan.Actions.Reverse()] }),
        };

    private static TrainingRun WithGang(TrainingRun run, Func<GangStatus, GangStatus> edit) =>
        run with
        {
            Status = run.Status with { Gang = edit(run.Status.Gang) },
        };

    private static Plan Unfenced(Plan plan) =>
        plan.Actions.Any(a => a is CreatePod or DeletePod)
            ? plan with
            {
                Actions = [.. plan.Actions.Where(a => a is not SetStatus)],
            }
            : plan;

    private static Plan Release(Plan plan) => plan with { Actions = [new SetFinalizer(Present: false)] };

    private static Plan PlanOf(string reason) => new() { Reason = reason };

    private static Observed Accepted(Observed observed) =>
        observed with
        {
            Run = observed.Run with
            {
                Status = observed.Status with
                {
                    Conditions =
                    [
                        .. observed.Status.Conditions.Select(c =>
                            c.Type == ConditionTypes.Accepted ? c with { Status = RunCondition.True } : c
                        ),
                    ],
                },
            },
        };

    private static IEnumerable<IPolicy> Without<T>() => Policies.Where(p => p is not T);

    private static IEnumerable<IPolicy> Planned<T>(Func<Observed, Plan, Plan> edit) =>
        Policies.Select(p => p is T ? new EditedPolicy(p, edit) : p);

    private static IEnumerable<IPolicy> Acted<T>(Func<PlanAction, PlanAction?> edit) =>
        Planned<T>((_, plan) => plan with { Actions = [.. plan.Actions.Select(edit).OfType<PlanAction>()] });

    private static IEnumerable<IPolicy> Written<T>(Func<Observed, RunStatus, RunStatus> edit) =>
        Planned<T>(
            (o, plan) =>
                plan with
                {
                    Actions = [.. plan.Actions.Select(a => a is SetStatus s ? new SetStatus(edit(o, s.Status)) : a)],
                }
        );

    private static IEnumerable<IPolicy> Seen<T>(Func<Observed, Observed> blur) =>
        Policies.Select(p => p is T ? new BlurredPolicy(p, blur) : p);
}
