namespace CodeParrot.Distributed;

/// <summary>Refuses a slice that is not this rank's part of the whole.</summary>
internal static class SliceCheck
{
    public static void ThrowIfNotOwn(int sliceLength, int dataLength, int rank, int worldSize)
    {
        var expected = new Partition(dataLength, worldSize).Count(rank);
        if (sliceLength != expected)
        {
            throw new ArgumentException(
                $"ownSlice: rank {rank} of {worldSize} owns {expected} of {dataLength} elements, was {sliceLength}"
            );
        }
    }
}
