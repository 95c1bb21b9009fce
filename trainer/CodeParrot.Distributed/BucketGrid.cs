namespace CodeParrot.Distributed;

/// <summary>
/// How a flat buffer is divided: into buckets of one size from element 0 on, the last one perhaps shorter, and each
/// bucket into one slice per rank by <see cref="Partition"/>. Reduced gradients, updates, gathered parameters and
/// gathered optimiser state all follow it, so that a rank owns the same elements in each of them.
/// </summary>
public sealed class BucketGrid
{
    // 4 MiB: what was summed of such a bucket is still in the cache when it is gathered.
    private const int UsualBucketElements = 1 << 20;

    // 256 KiB a slice: with less, many ranks would exchange headers rather than numbers.
    private const int LeastSliceElements = 1 << 16;

    /// <summary>Divides a buffer of <paramref name="length"/> elements between ranks.</summary>
    /// <param name="length">Elements of the buffer.</param>
    /// <param name="worldSize">Ranks, at least 1.</param>
    /// <param name="bucketElements">Elements of a bucket; null for 4 MiB, or more where ranks are many.</param>
    public BucketGrid(long length, int worldSize, int? bucketElements = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfLessThan(worldSize, 1);
        BucketElements =
            bucketElements
            ?? (int)Math.Min(1 << 28, Math.Max(UsualBucketElements, (long)worldSize * LeastSliceElements));
        ArgumentOutOfRangeException.ThrowIfLessThan(BucketElements, 1, nameof(bucketElements));
        Length = length;
        WorldSize = worldSize;
        Count = checked((int)((length + BucketElements - 1) / BucketElements));
    }

    /// <summary>Elements of the buffer.</summary>
    public long Length { get; }

    /// <summary>Ranks that own slices.</summary>
    public int WorldSize { get; }

    /// <summary>Elements of every bucket but perhaps the last.</summary>
    public int BucketElements { get; }

    /// <summary>Number of buckets.</summary>
    public int Count { get; }

    /// <summary>First element of a bucket.</summary>
    public long OffsetOf(int bucket)
    {
        ThrowIfNoBucket(bucket);
        return (long)bucket * BucketElements;
    }

    /// <summary>Elements of a bucket.</summary>
    public int CountOf(int bucket) => (int)Math.Min(BucketElements, Length - OffsetOf(bucket));

    /// <summary>The part of a bucket that a rank owns, its offset counted in the whole buffer.</summary>
    public (long Offset, int Count) SliceOf(int bucket, int rank)
    {
        var partition = new Partition(CountOf(bucket), WorldSize);
        return (OffsetOf(bucket) + partition.Offset(rank), (int)partition.Count(rank));
    }

    /// <summary>All that a rank owns, in buffer order, empty slices left out.</summary>
    public IEnumerable<(long Offset, int Count)> SlicesOf(int rank) =>
        Enumerable.Range(0, Count).Select(bucket => SliceOf(bucket, rank)).Where(slice => slice.Count > 0);

    private void ThrowIfNoBucket(int bucket)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, Count);
    }
}
