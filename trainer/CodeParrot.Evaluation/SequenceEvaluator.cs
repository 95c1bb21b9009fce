using CodeParrot.Model;

namespace CodeParrot.Evaluation;

/// <summary>Loss and perplexity over sequences of one length, such as the blocks of a held-out shard.</summary>
public static class SequenceEvaluator
{
    /// <summary>Evaluates each sequence once, in fp32 and without dropout.</summary>
    /// <param name="model">The model; it is neither changed nor disposed.</param>
    /// <param name="sequences">
    /// Token ids, each of the same length from 2 to the context length; read once, lazily.
    /// </param>
    /// <param name="batchSize">Sequences computed at once: speed and memory, not the result's meaning.</param>
    /// <param name="progress">Told the sequences done so far after each batch.</param>
    /// <param name="cancellation">Checked before each batch.</param>
    /// <exception cref="ArgumentException">There is no sequence, or one has another length than the first.</exception>
    /// <exception cref="TokenOutOfRangeException">An id is outside the model's vocabulary.</exception>
    public static EvaluationResult Evaluate(
        Gpt2 model,
        IEnumerable<long[]> sequences,
        int batchSize,
        IProgress<long>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var sum = new LossSum(model);
        var batch = new List<long[]>(batchSize);
        int? length = null;
        foreach (var ids in sequences)
        {
            length ??= CheckedLength(ids.Length, model.Config.ContextLength);
            if (ids.Length != length)
            {
                throw new ArgumentException($"must all hold {length} tokens, one held {ids.Length}", nameof(sequences));
            }

            CheckIds(ids, model.Config.VocabularySize);
            batch.Add(ids);
            if (batch.Count == batchSize)
            {
                Flush(sum, batch, progress, cancellation);
            }
        }

        if (batch.Count > 0)
        {
            Flush(sum, batch, progress, cancellation);
        }

        return sum.Sequences > 0
            ? sum.Result()
            : throw new ArgumentException("must hold at least one sequence", nameof(sequences));
    }

    private static int CheckedLength(int length, int context) =>
        length >= 2 && length <= context
            ? length
            : throw new ArgumentException($"sequences must hold 2 to {context} tokens (the context), was {length}");

    // On a GPU the model does not look at the ids, and one without an embedding would end the process.
    private static void CheckIds(long[] ids, int vocabularySize)
    {
        foreach (var id in ids)
        {
            if (id < 0 || id >= vocabularySize)
            {
                throw new TokenOutOfRangeException(id, vocabularySize);
            }
        }
    }

    private static void Flush(
        LossSum sum,
        List<long[]> batch,
        IProgress<long>? progress,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        sum.Add(batch);
        batch.Clear();
        progress?.Report(sum.Sequences);
    }
}
