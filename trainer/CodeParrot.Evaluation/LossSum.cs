using CodeParrot.Model;
using TorchSharp;

namespace CodeParrot.Evaluation;

// B batch, T time

/// <summary>Sums losses over batches, weighted by their predicted tokens, in fp64.</summary>
internal sealed class LossSum(Gpt2 model)
{
    private double _sum;

    /// <summary>Predicted tokens so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>Sequences so far.</summary>
    public long Sequences { get; private set; }

    /// <summary>Adds a batch of sequences of one length, at least 2.</summary>
    public void Add(List<long[]> batch)
    {
        var time = batch[0].Length;
        var ids = new long[batch.Count * time];
        for (var row = 0; row < batch.Count; row++)
        {
            batch[row].CopyTo(ids, row * time);
        }

        using var scope = torch.NewDisposeScope();
        var ids_BT = torch.tensor(ids, [batch.Count, time], device: model.Parameters.device);
        var targetCount = batch.Count * (time - 1L);
        _sum += model.Loss(ids_BT) * targetCount;
        Tokens += targetCount;
        Sequences += batch.Count;
    }

    /// <summary>The mean over all that was added.</summary>
    public EvaluationResult Result(long skipped = 0)
    {
        var loss = _sum / Tokens;
        return new(loss, Math.Exp(loss), Tokens, Sequences) { Skipped = skipped };
    }
}
