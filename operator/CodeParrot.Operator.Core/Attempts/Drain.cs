using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Attempts;

/// <summary>Deletions of pods.</summary>
internal static class Drain
{
    /// <summary>Time that the rest of a gang gets when it is broken already and has nothing left to save.</summary>
    public static readonly TimeSpan BrokenGangGrace = TimeSpan.FromSeconds(10);

    /// <summary>Deletes those that nobody deletes yet.</summary>
    public static IEnumerable<PlanAction> Of(IEnumerable<PodObservation> pods, TimeSpan grace) =>
        pods.Where(p => !p.Deleting).Select(p => new DeletePod(p.Name, p.Uid, grace));
}
