using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Attempts;

/// <summary>Deletions of pods.</summary>
internal static class Drain
{
    /// <summary>Time that the rest of a gang gets when it is broken already and has nothing left to save.</summary>
    public static readonly TimeSpan BrokenGangGrace = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Deletes those that nobody deletes yet. An ended one may be on its way out for as long as somebody's finalizer
    /// holds it; one machine keeps the record of a pod that was stopped until it is asked to remove it too.
    /// </summary>
    public static IEnumerable<PlanAction> Of(IEnumerable<PodObservation> pods, TimeSpan grace) =>
        pods.Where(p => !p.Deleting || (!p.IsLiving && p.DeletionDueAt is null))
            .Select(p => new DeletePod(p.Name, p.Uid, grace));
}
