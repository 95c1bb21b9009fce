namespace CodeParrot.Training.Accounting;

/// <summary>
/// Compares the ranks' own computation over the last steps. Each rank says its mean; all of them come to the same
/// answer.
/// </summary>
internal sealed class StragglerWatch(int worldSize)
{
    // As long as the window of the throughput: one slow step is chance.
    private const int WindowSteps = 20;

    private readonly double[] _own = new double[WindowSteps];
    private readonly double[] _sorted = new double[worldSize];
    private int _count;

    /// <summary>Notes this rank's computation in a step, and returns its mean over the window, in seconds.</summary>
    public double Note(TimeSpan compute)
    {
        _own[_count++ % WindowSteps] = compute.TotalSeconds;
        var filled = Math.Min(_count, WindowSteps);
        var sum = 0.0;
        for (var i = 0; i < filled; i++)
        {
            sum += _own[i];
        }
        return sum / filled;
    }

    /// <summary>Finds the slowest rank; null where there is one rank alone, or none computed anything.</summary>
    /// <param name="seconds">The mean of each rank.</param>
    public Straggler? Find(ReadOnlySpan<double> seconds)
    {
        if (seconds.Length < 2)
        {
            return null;
        }
        seconds.CopyTo(_sorted);
        Array.Sort(_sorted);
        var middle = _sorted.Length / 2;
        // The lower middle of an even number: of two ranks the slow one is compared with the fast one.
        var median = _sorted.Length % 2 == 1 ? _sorted[middle] : _sorted[middle - 1];
        var slowest = seconds.IndexOf(_sorted[^1]);
        return median > 0 ? new Straggler(slowest, _sorted[^1] / median) : null;
    }
}
