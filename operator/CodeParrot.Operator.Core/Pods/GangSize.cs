using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Pods;

/// <summary>
/// How many pods the current stage has, and how few are enough for it (<c>workers.minCount</c>): the rest may be
/// missing for as long as they cannot be scheduled, and come later.
/// </summary>
public static class GangSize
{
    /// <summary>Pods of the current stage, as an indexed set: what is one pod today has index 0.</summary>
    public static int CountOf(RunStatus status) =>
        status.Stage switch
        {
            StageNames.Train => Math.Max(1, status.Gang.Pods),
            StageNames.Corpus => Math.Max(1, status.Gang.CorpusPods),
            _ => 1,
        };

    /// <summary>Fewest pods that the current stage goes on with.</summary>
    public static int LeastOf(RunStatus status)
    {
        var count = CountOf(status);
        return status.Stage == StageNames.Train ? Math.Clamp(status.Gang.MinPods ?? count, 1, count) : count;
    }

    /// <summary>True where the current stage goes on without some of its pods.</summary>
    public static bool IsElastic(RunStatus status) => LeastOf(status) < CountOf(status);

    /// <summary>True for pods of the current stage that are all, or enough: pod 0 is always among those.</summary>
    public static bool IsEnough(RunStatus status, IReadOnlyCollection<PodObservation> pods) =>
        pods.Count == CountOf(status) || (pods.Count >= LeastOf(status) && pods.Any(p => p.PodIndex == 0));
}
