using CodeParrot.Model;

namespace CodeParrot.Evaluation;

/// <summary>Loss and perplexity over a file of ready-made token ids, whatever the length of its lines.</summary>
public static class TokensFileEvaluator
{
    /// <summary>
    /// Evaluates each line once, in fp32 and without dropout. Lines of equal length are computed together; lines of
    /// fewer than two tokens are counted in <see cref="EvaluationResult.Skipped"/>.
    /// </summary>
    /// <param name="model">The model; it is neither changed nor disposed.</param>
    /// <param name="file">JSON lines <c>{"ids": […]}</c>.</param>
    /// <param name="batchSize">Sequences computed at once: speed and memory, not the result's meaning.</param>
    /// <param name="cancellation">Checked at each line and before each batch.</param>
    /// <exception cref="TokensFileException">
    /// The file cannot be read or holds no sequence of two tokens, or a line is not JSON, is longer than the context,
    /// or holds an id outside the vocabulary.
    /// </exception>
    public static EvaluationResult Evaluate(Gpt2 model, string file, int batchSize, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var sum = new LossSum(model);
        var waiting = new SortedDictionary<int, List<long[]>>();
        long skipped = 0;
        foreach (var (line, ids) in TokensFile.Read(file))
        {
            cancellation.ThrowIfCancellationRequested();
            Check(ids, model.Config, file, line);
            if (ids.Length < 2)
            {
                skipped++;
                continue;
            }

            if (!waiting.TryGetValue(ids.Length, out var batch))
            {
                waiting.Add(ids.Length, batch = []);
            }

            batch.Add(ids);
            if (batch.Count == batchSize)
            {
                sum.Add(batch);
                batch.Clear();
            }
        }

        foreach (var batch in waiting.Values.Where(batch => batch.Count > 0))
        {
            cancellation.ThrowIfCancellationRequested();
            sum.Add(batch);
        }

        return sum.Sequences > 0
            ? sum.Result(skipped)
            : throw new TokensFileException(
                file,
                0,
                "holds no sequence of at least two tokens: there is nothing to predict"
            );
    }

    private static void Check(long[] ids, Gpt2Config config, string file, long line)
    {
        if (ids.Length > config.ContextLength)
        {
            throw new TokensFileException(
                file,
                line,
                $"holds {ids.Length} tokens, but the model's context is {config.ContextLength}: split the line"
            );
        }

        for (var index = 0; index < ids.Length; index++)
        {
            if (ids[index] < 0 || ids[index] >= config.VocabularySize)
            {
                throw new TokensFileException(
                    file,
                    line,
                    $"ids[{index}]: token id {ids[index]} is outside the model's vocabulary of "
                        + $"{config.VocabularySize}: encode the text with the model's own tokenizer"
                );
            }
        }
    }
}
