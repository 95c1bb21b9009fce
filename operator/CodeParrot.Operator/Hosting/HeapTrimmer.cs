namespace CodeParrot.Operator.Hosting;

/// <summary>
/// Gives memory back after a burst: the collector itself keeps what a thousand passes needed for as long as little is
/// allocated after them, and that is twice what the caches hold.
/// </summary>
/// <param name="allocatedBytes">Bytes allocated so far.</param>
/// <param name="collect">Collects, compacts and gives back.</param>
/// <param name="time">Clock.</param>
internal sealed class HeapTrimmer(Func<long> allocatedBytes, Action collect, TimeProvider time)
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>Bytes that make a collection worth its tenth of a second.</summary>
    public const long WorthwhileBytes = 16L << 20;

    /// <summary>Bytes in one interval above which a burst is under way, which the collector serves by itself.</summary>
    public const long BurstBytes = 128L << 20;

    private long _collected;
    private long _seen;

    /// <summary>Trims this process's heap.</summary>
    public HeapTrimmer(TimeProvider time)
        : this(
            () => GC.GetTotalAllocatedBytes(),
            () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
            time
        ) { }

    /// <summary>Looks until it is told to stop; a cancelled token is no error.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, time, stop);
                Look();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to end.
        }
    }

    /// <summary>Collects, if that is worth it and no burst is under way.</summary>
    public void Look()
    {
        var allocated = allocatedBytes();
        var isQuiet = allocated - _seen < BurstBytes;
        _seen = allocated;
        if (isQuiet && allocated - _collected >= WorthwhileBytes)
        {
            collect();
            _collected = allocated;
        }
    }
}
