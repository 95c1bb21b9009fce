using System.Globalization;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Failure;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Operator.Core.Stall;

/// <summary>
/// Ends an attempt whose pods have their nodes and yet get nowhere. Training has until <c>startupDeadline</c> for its
/// first step, and <c>stallTimeout</c> from each step to the next. The other stages have no steps that tell a slow one
/// from a stuck one: only their pods must run within <c>startupDeadline</c>, and <c>totalDeadline</c> bounds the rest.
/// With <c>workers.minCount</c> training has <c>rendezvousTimeout</c> more for both.
/// </summary>
public sealed class StallPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        if (Due(observed) is not { } due || due.At > observed.Now)
        {
            return null;
        }

        var failure = Describe(observed, due.Reason);
        var status = CheckpointList
            .Harvest(observed)
            .WithCondition(observed, ConditionTypes.Stalled, holds: true, due.Reason, failure.Message);
        var action = FailureRules.Decide(observed.Run.Spec.FailurePolicy.Rules, failure, pod: null);
        return AttemptFailure.End(observed, status, failure, action);
    }

    /// <summary>When the living attempt has taken too long, and for what; null while no clock runs.</summary>
    internal static (DateTimeOffset At, string Reason)? Due(Observed observed)
    {
        var status = observed.Status;
        if (
            !observed.IsAccepted()
            || status.LivingAttempt() is null
            || status.IsTerminal()
            || observed.Run.Spec.Suspend
            || status.Gang.ScheduledAt is not { } scheduled
        )
        {
            return null;
        }

        var policy = observed.Run.Spec.FailurePolicy;
        // Ranks that go on without some of them wait for those first, whenever one is lost.
        var wait = GangSize.IsElastic(status) ? observed.Run.Spec.Workers.RendezvousTimeout : TimeSpan.Zero;
        var startup = (scheduled + policy.StartupDeadline, ConditionReasons.StartupTimeout);
        if (status.Stage != StageNames.Train)
        {
            return observed.StagePods().All(p => p.Phase != PodPhase.Pending) ? null : startup;
        }

        // After an outage of the operator the first pass comes before the first reading: that is no fault of a gang.
        // Steps that were made before lost pods were replaced say nothing of those that are to come.
        return StepClock.Read(observed).LastStepAt is { } last && !(status.Gang.Generation > 0 && last < scheduled)
            ? (Seen(observed, last) + policy.StallTimeout + wait, ConditionReasons.NoStep)
            : (Seen(observed, scheduled) + policy.StartupDeadline + wait, ConditionReasons.StartupTimeout);
    }

    private static DateTimeOffset Seen(Observed observed, DateTimeOffset at) =>
        observed.LookedSince is { } since && since > at ? since : at;

    private static FailureStatus Describe(Observed observed, string reason)
    {
        var gang = observed.Status.Gang;
        var reading = observed.CurrentProgress();
        var slowest = reading?.Ranks.OrderBy(r => r.Step).ThenBy(r => r.UpdatedAt).ThenBy(r => r.Rank).FirstOrDefault();
        var waiting = observed.StagePods().FirstOrDefault(p => p.Phase == PodPhase.Pending);
        var pod = slowest is null
            ? waiting ?? observed.StagePods().FirstOrDefault()
            : observed.StagePods().FirstOrDefault(p => p.PodIndex == slowest.Rank / Math.Max(1, gang.RanksPerPod));
        var what =
            reason == ConditionReasons.NoStep
                ? $"no step after step {gang.LastStep} for {observed.Run.Spec.FailurePolicy.StallTimeout}"
                : $"nothing began for {observed.Run.Spec.FailurePolicy.StartupDeadline} although the pods have nodes";
        var who =
            slowest is not null ? $"; slowest is rank {slowest.Rank}, {slowest.State} at step {slowest.Step}"
            : pod?.WaitingReason.Length > 0 ? $"; pod {pod.Name} waits: {pod.WaitingReason}"
            : "; no rank answers";
        return new FailureStatus(
            slowest?.Rank ?? -1,
            pod?.Node ?? "",
            reason,
            ExitCode: null,
            what + who + Straggler(reading),
            pod?.Name ?? "",
            observed.Now
        );
    }

    // Who was behind while steps were still made may be who stands still now; alike ranks tell nothing.
    private static string Straggler(RunProgress? reading) =>
        reading is { StragglerRank: { } rank, StragglerRatio: > 1.2 and var ratio }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"; until then rank {rank} took {ratio:F1} times as long as the median"
            )
            : "";
}
