namespace CodeParrot.Training.Data.Streaming;

/// <summary>The order of shards in each epoch: a keyed permutation.</summary>
internal sealed class ShardOrder(long seed, int shardCount)
{
    // Keeps the draws apart from those that mix sequences.
    private const ulong ShardUse = ulong.MaxValue - 1;

    /// <summary>Gets the number of shards.</summary>
    public int Count => shardCount;

    /// <summary>Returns the shard at a place of an epoch.</summary>
    public int At(long epoch, int place) =>
        (int)new KeyedPermutation(shardCount, Mix.Of((ulong)seed, (ulong)epoch, ShardUse)).At(place);
}
