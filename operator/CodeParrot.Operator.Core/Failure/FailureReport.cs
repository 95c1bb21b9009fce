using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Failure;

/// <summary>Describes a failure as the status keeps it.</summary>
internal static class FailureReport
{
    private const string NodeLost = "NodeLost";

    /// <summary>The failure of a pod that ended, was lost, or is being deleted.</summary>
    public static FailureStatus Of(Observed observed, PodObservation pod)
    {
        var said = pod.Message;
        var message =
            said?.Message.Length > 0 ? said.Message
            : pod.IsLiving ? $"pod {pod.Name} was lost or deleted, and the others miss it"
            : $"pod {pod.Name} ended with exit code {pod.ExitCode?.ToString() ?? "unknown"}; its log says more";
        return new FailureStatus(
            said?.Rank ?? RankOf(observed, pod.PodIndex),
            pod.Node,
            ReasonOf(pod),
            pod.ExitCode,
            message,
            pod.Name,
            pod.FinishedAt ?? observed.Now
        );
    }

    /// <summary>The failure of a pod that is not there any more.</summary>
    public static FailureStatus OfVanished(Observed observed, int podIndex)
    {
        var status = observed.Status;
        var name = PodBuilder.NameOf(observed.Run.Metadata.Name, status.Stage, status.Attempt, podIndex);
        return new FailureStatus(
            RankOf(observed, podIndex),
            "",
            ConditionReasons.PodVanished,
            ExitCode: null,
            $"pod {name} is gone although nobody here deleted it",
            name,
            observed.Now
        );
    }

    // The place that ended a pod knows best; then what the pod said; then its code.
    private static string ReasonOf(PodObservation pod)
    {
        var name = pod.ExitCode is { } code && Enum.IsDefined((ExitCode)code) ? $"{(ExitCode)code}" : "";
        string[] reasons = [pod.Reason, pod.Disruption, pod.Message?.Class ?? "", name];
        return reasons.FirstOrDefault(r => r.Length > 0)
            ?? (
                pod.Phase == PodPhase.Unknown ? NodeLost
                : pod.IsLiving ? ConditionReasons.PodDeleted
                : ConditionReasons.PodFailed
            );
    }

    private static int RankOf(Observed observed, int podIndex) =>
        podIndex * (observed.Status.Stage == StageNames.Train ? Math.Max(1, observed.Status.Gang.RanksPerPod) : 1);
}
