using CodeParrot.Distributed;
using CodeParrot.Model;

namespace CodeParrot.Training.HeldOut;

/// <summary>
/// The loss on held-out sequences: the sum of losses over the sum of predicted tokens, in fp64, the batches divided
/// among the ranks. Every sequence counts once, also in a last batch that is not full.
/// </summary>
internal sealed class HeldOutLoss(Gpt2 model, IProcessGroup group, HeldOutBatches batches, Model.Precision precision)
{
    /// <summary>Gets whether there is anything to evaluate on.</summary>
    public bool IsAvailable => batches.SequenceCount > 0;

    /// <summary>Returns the mean loss in nats a token, the same on all ranks.</summary>
    public double Measure()
    {
        var (lossSum, targets) = (0.0, 0L);
        for (long batch = group.Rank; batch < batches.Count; batch += group.WorldSize)
        {
            var (sum, predicted) = batches.Measure(model, precision, batch);
            lossSum += sum;
            targets += predicted;
        }
        double[] sums = [lossSum, targets];
        group.AllReduceSum(sums.AsSpan());
        return sums[0] / sums[1];
    }
}
