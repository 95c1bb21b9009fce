using System.Collections.Concurrent;

namespace CodeParrot.Integration.Tests.Operator.Kubelet;

/// <summary>What pods of one stage and attempt know of each other, as ranks do by their rendezvous.</summary>
/// <param name="size">Pods of the gang.</param>
internal sealed class WrittenGang(int size)
{
    private readonly ConcurrentDictionary<string, bool> _joined = new();
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once all pods run.</summary>
    public Task Complete => _complete.Task;

    /// <summary>Ends once the work of all is done.</summary>
    public Task Done => _done.Task;

    /// <summary>Notes a pod that runs.</summary>
    public void Join(WrittenPod pod)
    {
        _joined[pod.Uid] = true;
        if (_joined.Count >= size)
        {
            _complete.TrySetResult();
        }
    }

    /// <summary>Says that the work is done.</summary>
    public void Finish() => _done.TrySetResult();
}
