using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Failure;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Stages;

/// <summary>
/// Training is over when rank 0 has ended well: it writes the checkpoint of the last step, and ends behind that.
/// Others may have missed its word, for one of them was lost in that moment, and would wait for the next round in vain.
/// </summary>
internal static class TrainingEnd
{
    /// <summary>What ranks have to end by themselves once rank 0 has, where none is known to be lost.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// True when the checkpoint of the last step is there, and nothing more is to be heard of the others.
    /// </summary>
    public static bool IsDone(Observed observed) =>
        First(observed) is { } first
        && (
            Culprit.Failures(observed).Count > 0
            || Culprit.Vanished(observed).Count > 0
            || GangState.Awaited(observed).Count > 0
            || observed.StagePods().All(p => !p.IsLiving)
            || !(EndOf(observed, first) > observed.Now)
        );

    /// <summary>When those that live still are not waited for any more; null where nobody waits.</summary>
    public static DateTimeOffset? Due(Observed observed) =>
        First(observed) is { } first ? EndOf(observed, first) : null;

    private static PodObservation? First(Observed observed) =>
        observed.Status.Stage == StageNames.Train
            ? observed.StagePods().FirstOrDefault(p => p is { PodIndex: 0, Phase: PodPhase.Succeeded })
            : null;

    // Its node's clock may be far ahead of ours, and is not believed then.
    private static DateTimeOffset? EndOf(Observed observed, PodObservation first) =>
        first.FinishedAt <= observed.Now + Culprit.MaxSkew ? first.FinishedAt + Patience : null;
}
