using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.CheckpointRequests;
using CodeParrot.Operator.Core.Deletion;
using CodeParrot.Operator.Core.Failure;
using CodeParrot.Operator.Core.Finish;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Rollback;
using CodeParrot.Operator.Core.Stages;
using CodeParrot.Operator.Core.Stall;
using CodeParrot.Operator.Core.Suspend;
using CodeParrot.Simulation.Tests.Runs;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Bugs in what is decided.</summary>
internal static class PolicyBugs
{
    public static IReadOnlyDictionary<string, OperatorVariant> All { get; } =
        new Dictionary<string, OperatorVariant>
        {
            ["old attempts are not waited for"] = Without<StaleAttemptPolicy>(),
            ["a finished run goes on"] = Without<FinishedPolicy>(),
            ["suspend is not read"] = Without<SuspendPolicy>(),
            ["failures are not seen"] = Without<FailurePolicy>(),
            ["a stall is not seen"] = Without<StallPolicy>(),
            ["a deletion is not seen"] = Without<DeletionPolicy>(),
            ["pods are made before the status is written"] = Edited<IPolicy>((_, plan) => EffectFirst(plan)),
            ["the attempt grows by two"] = Status<BeginPolicy>(
                (o, s) => s with { Attempt = o.Status.Attempt == 0 ? 1 : o.Status.Attempt + 2 }
            ),
            ["a rollback is not latched"] = Status<RollbackPolicy>((o, s) => s with { Rollback = o.Status.Rollback }),
            ["a late request has no answer"] = Without<LateRequestPolicy>(),
            ["a served request is not latched"] = Status<IPolicy>(
                (o, s) =>
                    s.CheckpointRequest?.Result == ConditionReasons.CheckpointTaken
                        ? s with
                        {
                            CheckpointRequest = o.Status.CheckpointRequest,
                        }
                        : s
            ),
            ["a failure counts twice"] = Status<FailurePolicy>(
                (_, s) => s with { Budget = s.Budget with { Counted = s.Budget.Counted * 2 } }
            ),
            ["what a spike asks for is not read"] = Misread<FailurePolicy>(WithoutClasses),
            ["every failure goes back"] = Status<FailurePolicy>(
                (_, s) => CheckpointList.Newest(s) is { } newest ? GoneBack(s, CheckpointList.Key(newest)) : s
            ),
            ["deletions are not heard"] = Policies(all =>
                all.Select(p => new MisreadPolicy(p, Forgetful.WithoutStored))
            ),
            ["a rollback goes to what was deleted"] = Policies(all =>
            {
                var memory = new Forgetful();
                return all.Select(p =>
                    p is RollbackPolicy
                        ? new EditedPolicy(new MisreadPolicy(p, memory.Remember), Forgetful.WithOwnCheckpoints)
                        : p
                );
            }),
            ["a lost target fails its run"] = Without<LostTargetPolicy>(),
            ["any rank's end is the training's"] = Policies(all =>
                all.Select(p => p is StagePolicy or FailurePolicy ? new MisreadPolicy(p, WithOneForAll) : p)
            ),
            ["a torn checkpoint is believed"] = Status<ProgressPolicy>((_, s) => s with { Checkpoints = Torn(s) }),
            ["survivors are given up"] = Misread<FailurePolicy>(o => WithGang(o, WithoutPeers)),
            ["survivors are replaced too"] = Status<FailurePolicy>(
                (_, s) => s with { Gang = s.Gang with { Replacing = AllPods(s.Gang) } }
            ),
            ["lost pods are found lost again"] = Misread<FailurePolicy>(o =>
                WithGang(o, g => g with { Replacing = [] })
            ),
            ["replacements have no generation"] = Edited<CreatePolicy>(
                (_, plan) =>
                    plan with
                    {
                        Actions =
                        [
                            .. plan.Actions.Select(a => a is CreatePod c ? new CreatePod(FirstOfAttempt(c.Pod)) : a),
                        ],
                    }
            ),
            ["all ranks are waited for"] = Status<BeginPolicy>((_, s) => s with { Gang = WithAll(s.Gang) }),
            ["one that came late in vain ends the attempt"] = Misread<FailurePolicy>(o => WithGang(o, WithAll)),
            ["a stage that stands still is waited for with all pods"] = Misread<CreatePolicy>(o =>
                WithGang(o, WithAll)
            ),
            ["training is done before rank 0 is"] = Misread<StagePolicy>(WithFirstDone),
            ["progress is written in every pass"] = Edited<FinishedPolicy>(
                (o, plan) =>
                    plan.Finished
                        ? PlanBuilderFor(o.Status with { FinishedAt = o.Now }) with
                        {
                            Requeue = TimeSpan.FromSeconds(5),
                        }
                        : plan
            ),
        };

    private static OperatorVariant Without<T>() => Policies(all => all.Where(p => p is not T));

    private static OperatorVariant Edited<T>(Func<Observed, Plan, Plan?> edit) =>
        Policies(all => all.Select(p => p is T ? new EditedPolicy(p, edit) : p));

    private static OperatorVariant Status<T>(Func<Observed, RunStatus, RunStatus> edit) =>
        Edited<T>(
            (observed, plan) =>
                plan with
                {
                    Actions =
                    [
                        .. plan.Actions.Select(a => a is SetStatus s ? new SetStatus(edit(observed, s.Status)) : a),
                    ],
                }
        );

    private static OperatorVariant Policies(Func<IEnumerable<IPolicy>, IEnumerable<IPolicy>> edit) =>
        new() { Planner = () => new Planner([.. edit(Planner.PoliciesOf(new PlannerOptions()))]) };

    private static Observed WithOneForAll(Observed observed) =>
        observed.StagePods().Any(p => p.Phase == PodPhase.Succeeded)
            ? observed with
            {
                Pods = [.. observed.Pods.Select(p => p with { Phase = PodPhase.Succeeded })],
            }
            : observed;

    private static Observed WithGang(Observed observed, Func<GangStatus, GangStatus> edit) =>
        observed with
        {
            Run = observed.Run with { Status = observed.Status with { Gang = edit(observed.Status.Gang) } },
        };

    private static OperatorVariant Misread<T>(Func<Observed, Observed> misread) =>
        Policies(all => all.Select(p => p is T ? new MisreadPolicy(p, misread) : p));

    private static GangStatus WithAll(GangStatus gang) => gang with { MinPods = null };

    private static Observed WithFirstDone(Observed observed) =>
        observed with
        {
            Pods =
            [
                .. observed.Pods.Select(p =>
                    p is { PodIndex: 0, Stage: StageNames.Train } ? p with { Phase = PodPhase.Succeeded } : p
                ),
            ],
        };

    private static GangStatus WithoutPeers(GangStatus gang) => gang with { Recovery = RecoveryMode.Gang };

    private static IReadOnlyList<ReplacementStatus> AllPods(GangStatus gang) =>
        gang.Replacing.Count == 0
            ? []
            : [.. Enumerable.Range(0, gang.Pods).Select(i => new ReplacementStatus(i, gang.Generation))];

    private static PodSpec FirstOfAttempt(PodSpec pod) =>
        pod with
        {
            Generation = 0,
            Labels = pod.Labels.Where(l => l.Key != LabelNames.Generation).ToDictionary(),
        };

    // A new attempt's pods, and the status that says so afterwards.
    private static Plan EffectFirst(Plan plan) =>
        plan with
        {
            Actions = [.. plan.Actions.Where(a => a is not SetStatus), .. plan.Actions.Where(a => a is SetStatus)],
        };

    private static Plan PlanBuilderFor(RunStatus status) =>
        new() { Reason = "write progress", Actions = [new SetStatus(status)] };

    private static Observed WithoutClasses(Observed observed) =>
        observed with
        {
            Pods =
            [
                .. observed.Pods.Select(p => p with { Message = p.Message is { } m ? m with { Class = "" } : null }),
            ],
        };

    private static RunStatus GoneBack(RunStatus status, string checkpoint) =>
        status with
        {
            Branch = Contract.Store.StorePaths.BranchName(status.Attempt + 1),
            StartFrom = new StartPoint(checkpoint, SkipSteps: 0),
        };

    private static IReadOnlyList<Contract.Runtime.CheckpointSummary> Torn(RunStatus status) =>
        status.Progress is { Step: > 0 } progress
            ? CheckpointList.Merge(
                status.Checkpoints,
                [
                    new(
                        Contract.Store.StorePaths.CheckpointName(progress.Step, status.Attempt),
                        status.Branch,
                        progress.Step,
                        null,
                        null,
                        0,
                        "",
                        progress.UpdatedAt ?? default
                    ),
                ]
            )
            : status.Checkpoints;
}
