using CodeParrot.Model;
using CodeParrot.Training.Data;

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

    /// <summary>Gets the tokens that are predicted of each sequence.</summary>
    public int TargetTokens => reader.TargetTokens;

    /// <summary>Returns the sequences of a batch; the last may have fewer than the others.</summary>
    public int SequencesOf(long batch) => (int)Math.Min(batchSize, reader.SequenceCount - (batch * batchSize));

    /// <summary>Reads a batch; the caller's dispose scope frees it before the next.</summary>
    public TokenBatch Read(long batch)
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
