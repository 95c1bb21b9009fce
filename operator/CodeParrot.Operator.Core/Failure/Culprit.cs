using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Failure;

/// <summary>Finds the pod that failed first, which the others only followed.</summary>
internal static class Culprit
{
    /// <summary>How long a "peer lost" waits for the loss itself to be seen.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    /// <summary>How far a node's clock may be ahead of ours for that wait to be meaningful.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(5);

    /// <summary>Pods of the current stage that ended otherwise than with 0 or were lost, earliest first.</summary>
    public static List<PodObservation> Failures(Observed observed) =>
        [
            .. observed
                .StagePods()
                .Where(p => p.Phase is PodPhase.Failed or PodPhase.Unknown)
                .OrderBy(p => p.FinishedAt ?? DateTimeOffset.MaxValue)
                .ThenBy(p => p.PodIndex),
        ];

    /// <summary>The earliest failure that is not "peer lost"; null when there is none.</summary>
    public static PodObservation? Find(IReadOnlyList<PodObservation> failures) =>
        failures.FirstOrDefault(p => p.ExitCode != (int)ExitCode.PeerLost);

    /// <summary>A living pod of the stage whose deletion somebody asked for: the peer that others lost.</summary>
    public static PodObservation? Leaving(Observed observed) =>
        observed.StagePods().FirstOrDefault(p => p is { IsLiving: true, Deleting: true });

    /// <summary>Indexes of the current stage's pods that were there and are gone, and not known to be lost.</summary>
    public static IReadOnlyList<int> Vanished(Observed observed)
    {
        var status = observed.Status;
        if (status.LivingAttempt() is null || !status.Gang.Created)
        {
            return [];
        }

        var present = observed.StagePods().Select(p => p.PodIndex).ToHashSet();
        present.UnionWith(status.Gang.Replacing.Select(r => r.PodIndex));
        return [.. Enumerable.Range(0, GangSize.CountOf(status)).Where(i => !present.Contains(i))];
    }
}
