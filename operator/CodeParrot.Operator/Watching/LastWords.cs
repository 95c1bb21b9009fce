using System.Collections.Concurrent;
using CodeParrot.Api.Names;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Watching;

/// <summary>
/// What the first pod of each run's gang said when it went. A kubelet writes how a pod ended and removes it at once: no
/// pass need come between, and the checkpoint of a run that was stopped is known from there alone.
/// </summary>
internal sealed class LastWords
{
    private readonly ConcurrentDictionary<RunKey, PodObservation> _departed = new();

    /// <summary>Hears of a pod that is gone.</summary>
    public void Hear(CachedObject<PodObservation> gone)
    {
        if (gone is { Run: { } run, Value: { PodIndex: 0, Message: not null } pod } && !TaskNames.IsTask(pod.Stage))
        {
            _departed[run] = pod;
        }
    }

    /// <summary>
    /// The pod that went last; null for none that had anything to say, or one of an attempt before: that was heard when
    /// the attempt began.
    /// </summary>
    public PodObservation? Of(RunKey run, int attempt)
    {
        var pod = _departed.GetValueOrDefault(run);
        if (pod is null || pod.Attempt >= attempt)
        {
            return pod;
        }

        Forget(run);
        return null;
    }

    /// <summary>Forgets a run that is gone.</summary>
    public void Forget(RunKey run) => _departed.TryRemove(run, out _);
}
