using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Training.Data;

namespace CodeParrot.Training.HeldOut;

/// <summary>
/// The loss on held-out sequences: the sum of losses over the sum of predicted tokens, in fp64, the batches divided
/// among the ranks. Every sequence counts once, also in a last batch that is not full.
/// </summary>
internal sealed class HeldOutLoss(
    Gpt2 model,
    IProcessGroup group,
    BatchReader reader,
    long sequenceCount,
    int batchSize,
    int maxBatches,
    Model.Precision precision
)
{
    /// <summary>Gets whether there is anything to evaluate on.</summary>
    public bool IsAvailable => sequenceCount > 0;

    private long BatchCount
    {
        get
        {
            var all = (sequenceCount + batchSize - 1) / batchSize;
            return maxBatches < 0 ? all : Math.Min(all, maxBatches);
        }
    }

    /// <summary>Returns the mean loss in nats a token, the same on all ranks.</summary>
    public double Measure()
    {
        var (lossSum, targets) = (0.0, 0L);
        for (long batch = group.Rank; batch < BatchCount; batch += group.WorldSize)
        {
            var first = batch * batchSize;
            var count = (int)Math.Min(batchSize, sequenceCount - first);
            var sequences = new long[count];
            for (var row = 0; row < count; row++)
            {
                sequences[row] = first + row;
            }
            using var ids_BT = reader.Read(sequences);
            var predicted = count * (ids_BT.shape[1] - 1);
            lossSum += model.Loss(ids_BT, precision) * predicted;
            targets += predicted;
        }
        double[] sums = [lossSum, targets];
        group.AllReduceSum(sums.AsSpan());
        return sums[0] / sums[1];
    }
}
