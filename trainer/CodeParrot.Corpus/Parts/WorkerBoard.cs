using CodeParrot.Storage;

namespace CodeParrot.Corpus.Parts;

/// <summary>
/// Where workers tell the first one how far they are: <c>parts/worker-00003.json</c>. That they do so is what they are
/// known to live by; no clocks of two machines are compared.
/// </summary>
/// <param name="store">Where the corpus goes.</param>
/// <param name="parts">Its parts.</param>
/// <param name="workerIndex">Which worker this is.</param>
/// <param name="time">Measures the silence of others.</param>
internal sealed class WorkerBoard(IObjectStore store, PartStore parts, int workerIndex, TimeProvider time)
{
    /// <summary>How long a worker may be silent before others do its work: some pods get their nodes late.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Between two tellings.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, (string Version, WorkerState State, long HeardAt)> _heard = [];
    private readonly long _begunAt = time.GetTimestamp();
    private long? _toldAt;
    private long _beats;

    /// <summary>Gets what the others have said, added up.</summary>
    public WorkerState Others =>
        _heard.Values.Aggregate(
            new WorkerState(0, 0, 0, 0),
            (sum, one) =>
                new WorkerState(
                    0,
                    sum.Documents + one.State.Documents,
                    sum.Bytes + one.State.Bytes,
                    sum.Kept + one.State.Kept
                )
        );

    /// <summary>Tells how far this worker is, or as the first one looks how far the others are; now and then.</summary>
    public async Task TellAsync(long documents, long bytes, long kept, CancellationToken cancellationToken)
    {
        if (_toldAt is { } at && time.GetElapsedTime(at) < Pause)
            return;
        _toldAt = time.GetTimestamp();
        if (workerIndex == 0)
        {
            await LookAsync(await parts.ListAsync(cancellationToken), cancellationToken);
            return;
        }
        var state = new WorkerState(++_beats, documents, bytes, kept);
        var key = KeyOf(workerIndex);
        await store.WriteJsonAsync(key, state, CorpusJson.Manifest, cancellationToken: cancellationToken);
    }

    /// <summary>Reads what others said since the last look.</summary>
    /// <param name="listed">What is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task LookAsync(IReadOnlyDictionary<string, string> listed, CancellationToken cancellationToken)
    {
        foreach (var (key, version) in listed)
        {
            if (WorkerOf(key) is not { } worker || worker == workerIndex)
                continue;
            if (_heard.TryGetValue(worker, out var before) && before.Version == version)
                continue;
            var state = await ReadAsync(key, cancellationToken) ?? before.State ?? new WorkerState(0, 0, 0, 0);
            _heard[worker] = (version, state, time.GetTimestamp());
        }
    }

    /// <summary>Returns whether a worker has not been heard for too long.</summary>
    public bool IsSilent(int worker) =>
        worker != workerIndex
        && time.GetElapsedTime(_heard.TryGetValue(worker, out var heard) ? heard.HeardAt : _begunAt) >= Patience;

    private string KeyOf(int worker) => $"{parts.Prefix}/worker-{worker:D5}.json";

    private int? WorkerOf(string key)
    {
        var start = $"{parts.Prefix}/worker-";
        return
            key.StartsWith(start, StringComparison.Ordinal) && int.TryParse(key.AsSpan(start.Length, 5), out var worker)
            ? worker
            : null;
    }

    private async Task<WorkerState?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadJsonAsync<WorkerState>(key, CorpusJson.Manifest, cancellationToken);
        }
        catch (StoreException fault) when (fault is ObjectNotFoundException or StoreCorruptionException)
        {
            // News, not state: the next one will do.
            return null;
        }
    }
}
