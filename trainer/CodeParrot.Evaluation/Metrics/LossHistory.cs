using CodeParrot.Evaluation.Curves;

namespace CodeParrot.Evaluation.Metrics;

/// <summary>
/// The losses of a run that count: where a run went back to an earlier step, what it did after that step is gone.
/// </summary>
/// <param name="Training">Loss of each training step.</param>
/// <param name="HeldOut">Loss on held-out text.</param>
public sealed record LossHistory(IReadOnlyList<CurvePoint> Training, IReadOnlyList<CurvePoint> HeldOut)
{
    /// <summary>Makes the history from the rows of a metrics file, in the file's order.</summary>
    public static LossHistory Of(IEnumerable<MetricsRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var training = new SortedList<long, CurvePoint>();
        var heldOut = new SortedList<long, CurvePoint>();
        foreach (var row in rows)
        {
            DropAfter(training, row.Step);
            DropAfter(heldOut, row.Step);
            Set(training, row, row.TrainingLoss);
            Set(heldOut, row, row.HeldOutLoss);
        }

        return new([.. training.Values], [.. heldOut.Values]);
    }

    // A restart from a checkpoint or a rollback: the rows before it tell of another past.
    private static void DropAfter(SortedList<long, CurvePoint> points, long step)
    {
        while (points.Count > 0 && points.GetKeyAtIndex(points.Count - 1) > step)
        {
            points.RemoveAt(points.Count - 1);
        }
    }

    private static void Set(SortedList<long, CurvePoint> points, MetricsRow row, double? loss)
    {
        if (loss is { } value)
        {
            points[row.Step] = new(row.Tokens, value);
        }
    }
}
