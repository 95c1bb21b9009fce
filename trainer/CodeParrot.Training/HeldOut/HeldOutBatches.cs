using CodeParrot.Model;
using CodeParrot.Training.Data;
using TorchSharp;

namespace CodeParrot.Training.HeldOut;

/// <summary>
/// Held-out sequences in their order, in batches. What an objective hides of a sequence never changes, so that losses
/// of all steps, resumes and runs compare.
/// </summary>
internal sealed class HeldOutBatches(BatchReader reader, int batchSize, int maxBatches)
{
    private const long Seed = 0;

    /// <summary>Gets the number of batches.</summary>
    public long Count
    {
        get
        {
            var all = (reader.SequenceCount + batchSize - 1) / batchSize;
            return maxBatches < 0 ? all : Math.Min(all, maxBatches);
        }
    }

    /// <summary>Gets the sequences of all batches.</summary>
    public long SequenceCount => Math.Min(reader.SequenceCount, Count * batchSize);

    /// <summary>Returns the sequences of a batch; the last may have fewer than the others.</summary>
    public int SequencesOf(long batch) => (int)Math.Min(batchSize, reader.SequenceCount - (batch * batchSize));

    /// <summary>Measures a batch.</summary>
    /// <returns>The sum of the losses in nats of its predicted tokens, and how many there are.</returns>
    public (double LossSum, long Targets) Measure(Gpt2 model, Model.Precision precision, long batch)
    {
        using var scope = torch.NewDisposeScope();
        var targets = (long)SequencesOf(batch) * reader.TargetTokens;
        return (model.Loss(Read(batch), precision) * targets, targets);
    }

    private TokenBatch Read(long batch)
    {
        var first = batch * batchSize;
        var sequences = new long[SequencesOf(batch)];
        var keys = new ulong[sequences.Length];
        for (var row = 0; row < sequences.Length; row++)
        {
            sequences[row] = first + row;
            keys[row] = StepPlan.ObjectiveKeyOf(Seed, first + row);
        }
        return reader.Read(sequences, keys);
    }
}
