using CodeParrot.Contract.Spec;

namespace CodeParrot.Training.Data;

/// <summary>
/// Which sequence each sample of a run is: a pure function of the sample's number, so a run resumes at any step at once
/// and the order does not depend on how many ranks take part. Each epoch takes every sequence once; a step may begin in
/// one epoch and end in the next. Streamed sequences are not known by number before they are read: they are mixed
/// within windows, each of which takes every sequence of its own once.
/// </summary>
public sealed class SampleOrder
{
    private readonly DataOrder _order;
    private readonly ulong _seed;
    private readonly long _sequenceCount;
    private long _epoch = -1;
    private KeyedPermutation? _permutation;

    /// <summary>The order of a corpus.</summary>
    /// <param name="order">The order.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="sequenceCount">Sequences of the corpus, or of a window of Streamed; at least 1.</param>
    public SampleOrder(DataOrder order, long seed, long sequenceCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceCount, 1);
        _order = order;
        _seed = (ulong)seed;
        _sequenceCount = sequenceCount;
    }

    /// <summary>Returns the index of the sequence that a sample is.</summary>
    /// <param name="sample">Number of the sample in the run, from 0.</param>
    public long SequenceAt(long sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        var (epoch, index) = Math.DivRem(sample, _sequenceCount);
        if (_order == DataOrder.Sequential)
        {
            return index;
        }
        if (_permutation is null || epoch != _epoch)
        {
            _permutation = new KeyedPermutation(_sequenceCount, Mix.Of(_seed, (ulong)epoch));
            _epoch = epoch;
        }
        var place = _permutation.At(index);
        return _order == DataOrder.Streamed ? (epoch * _sequenceCount) + place : place;
    }
}
