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

    private long _lastStep;

    private RunRecord(MetricsFile metrics, EventFile events, RunLocation run, long lastStep)
    {
        _metrics = metrics;
        _events = events;
        _run = run;
        _lastStep = lastStep;
    }

    /// <summary>
    /// Opens the record. The store's copy goes before a local one: it was written with the checkpoint that is gone on
    /// from, a local one may be of another branch.
    /// </summary>
    /// <param name="context">The attempt.</param>
    /// <param name="run">The run.</param>
    /// <param name="lastStep">Steps that the store's copy has, of which later ones are cut.</param>
    public static RunRecord Open(TrainingContext context, RunLocation run, long lastStep)
    {
        var earlier = lastStep == 0 ? [] : Blocking.Run(() => ReadAsync(context.Store, run));
        var now = context.Time.GetUtcNow();
        return new RunRecord(
            MetricsFile.Open(context.WorkFolder, earlier, lastStep),
            EventFile.Create(context.WorkFolder, context.Attempt, context.Round, lastStep + 1, now),
            run,
            lastStep
        );
    }

    /// <summary>Adds the steps that it lacks, as another rank has them.</summary>
    public void Extend(IEnumerable<MetricsRow> rows)
    {
        foreach (var row in rows.Where(row => row.Steps > _lastStep))
        {
            Add(row);
        }
    }

    /// <summary>Adds a step.</summary>
    public void Add(in MetricsRow row)
    {
        _lastStep = row.Steps;
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
