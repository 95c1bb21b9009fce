namespace CodeParrot.Training.Guards;

/// <summary>
/// The last values of a quantity, and how far a new one stands out of them. (llm.c has such a detector; this one
/// compares with the values before, so that a spike does not soften its own score.)
/// </summary>
internal sealed class SpikeWindow
{
    // A loss that hardly moves has hardly a spread: what differs by less than this share of the mean is no step out.
    private const double LeastSpread = 1e-3;

    private readonly double[] _values;
    private int _start;

    /// <param name="size">Values to compare with.</param>
    public SpikeWindow(int size) => _values = new double[size];

    /// <summary>Gets the values held so far.</summary>
    public int Count { get; private set; }

    /// <summary>Returns how many standard deviations a value is above the mean; 0 until the window is full.</summary>
    public double ZScore(double value)
    {
        if (Count < _values.Length)
        {
            return 0;
        }
        // Summed anew each time, from the oldest on: a resumed run comes to the same bits.
        var sum = 0.0;
        for (var i = 0; i < Count; i++)
        {
            sum += At(i);
        }
        var mean = sum / Count;
        var squares = 0.0;
        for (var i = 0; i < Count; i++)
        {
            squares += (At(i) - mean) * (At(i) - mean);
        }
        var deviation = Math.Max(Math.Sqrt(squares / Count), LeastSpread * Math.Abs(mean));
        return deviation > 0 ? (value - mean) / deviation
            : value > mean ? double.MaxValue
            : 0;
    }

    /// <summary>Adds a value; the oldest goes when the window is full.</summary>
    public void Add(double value)
    {
        if (Count < _values.Length)
        {
            _values[(_start + Count++) % _values.Length] = value;
            return;
        }
        _values[_start] = value;
        _start = (_start + 1) % _values.Length;
    }

    /// <summary>Forgets all values.</summary>
    public void Clear() => (_start, Count) = (0, 0);

    /// <summary>Returns the values, oldest first.</summary>
    public double[] ToArray()
    {
        var values = new double[Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = At(i);
        }
        return values;
    }

    private double At(int index) => _values[(_start + index) % _values.Length];
}
