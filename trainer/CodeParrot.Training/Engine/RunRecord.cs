using CodeParrot.Checkpoints;
using CodeParrot.Storage;
using CodeParrot.Training.Metrics;

namespace CodeParrot.Training.Engine;

/// <summary>The files that tell of a run's steps: metrics.jsonl and TensorBoard's events (rank 0).</summary>
internal sealed class RunRecord : IDisposable
{
    private readonly MetricsFile _metrics;
    private readonly EventFile _events;
    private readonly RunLocation _run;
    private readonly ScalarList _scalars = new();

    private RunRecord(MetricsFile metrics, EventFile events, RunLocation run)
    {
        _metrics = metrics;
        _events = events;
        _run = run;
    }

    /// <summary>
    /// Opens the record. The store's copy goes before a local one: it was written with the checkpoint that is gone on
    /// from, a local one may be of another branch.
    /// </summary>
    public static RunRecord Open(TrainingContext context, RunLocation run, RunPosition position)
    {
        var earlier = position.Step == 0 ? [] : Blocking.Run(() => ReadAsync(context.Store, run));
        return new RunRecord(
            MetricsFile.Open(context.WorkFolder, earlier, position.Step),
            EventFile.Create(context.WorkFolder, context.Attempt, position.Step + 1, context.Time.GetUtcNow()),
            run
        );
    }

    /// <summary>Adds a step.</summary>
    public void Add(in MetricsRow row)
    {
        _scalars.Take(row);
        _metrics.Append(row, _scalars);
        _events.Append(row, _scalars);
    }

    /// <summary>Returns the files as they are now, by their key in the store.</summary>
    public IReadOnlyDictionary<string, byte[]> ToObjects() =>
        new Dictionary<string, byte[]>
        {
            [$"{_run.Prefix}/{MetricsFile.FileName}"] = _metrics.ToArray(),
            [$"{_run.Prefix}/{_events.Name}"] = _events.ToArray(),
        };

    public void Dispose()
    {
        _metrics.Dispose();
        _events.Dispose();
    }

    private static async Task<byte[]> ReadAsync(IObjectStore store, RunLocation run)
    {
        try
        {
            return await store.ReadBytesAsync($"{run.Prefix}/{MetricsFile.FileName}");
        }
        catch (ObjectNotFoundException)
        {
            return [];
        }
    }
}
