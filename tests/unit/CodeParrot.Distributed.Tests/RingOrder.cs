namespace CodeParrot.Distributed.Tests;

/// <summary>The sums of the ring, computed by one thread in the ring's own order.</summary>
internal static class RingOrder
{
    public static float[][] RandomInputs(int worldSize, int length, int seed = 7)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, worldSize)
                .Select(_ =>
                    Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * 1e3)).ToArray()
                ),
        ];
    }

    /// <summary>Slice x: the data of rank x + 1 first, then x + 2 round to x, added one after another.</summary>
    public static float[] Sum(float[][] inputs)
    {
        var worldSize = inputs.Length;
        var length = inputs[0].Length;
        var partition = new Partition(length, worldSize);
        var sum = new float[length];
        for (var slice = 0; slice < worldSize; slice++)
        {
            var end = partition.Offset(slice) + partition.Count(slice);
            for (var index = partition.Offset(slice); index < end; index++)
            {
                var total = inputs[(slice + 1) % worldSize][index];
                for (var hop = 2; hop <= worldSize; hop++)
                {
                    total += inputs[(slice + hop) % worldSize][index];
                }

                sum[index] = total;
            }
        }

        return sum;
    }
}
