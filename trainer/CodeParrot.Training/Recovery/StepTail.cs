using CodeParrot.Training.Metrics;

namespace CodeParrot.Training.Recovery;

/// <summary>
/// The rows of the run's record that may be in no checkpoint yet. Every rank keeps them, since any may be the one that
/// the others go on from, and the record of rank 0 is lost with its pod. At two hundred bytes a step it is small,
/// however far checkpoints lie apart.
/// </summary>
internal sealed class StepTail
{
    private readonly List<MetricsRow> _rows = [];

    /// <summary>Gets the rows, oldest first.</summary>
    public IReadOnlyList<MetricsRow> Rows => _rows;

    /// <summary>Adds the row of a step.</summary>
    public void Add(in MetricsRow row) => _rows.Add(row);

    /// <summary>Drops the rows of a complete checkpoint: its record in the store has them.</summary>
    public void DropUntil(long step) => _rows.RemoveAll(row => row.Steps <= step);

    /// <summary>Takes over another rank's rows.</summary>
    public void Replace(IEnumerable<MetricsRow> rows)
    {
        _rows.Clear();
        _rows.AddRange(rows);
    }
}
