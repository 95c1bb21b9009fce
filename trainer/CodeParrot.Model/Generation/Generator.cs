using CodeParrot.Model.Native;
using static TorchSharp.torch;

namespace CodeParrot.Model.Generation;

// B batch (completions at once), T time, V vocabulary

/// <summary>
/// Continues token sequences with a model and a cache of keys and values: each new token costs one position, not the
/// whole text again. The prompt is computed once for all completions. Not thread-safe; it does not own the model.
/// </summary>
public sealed class Generator(Gpt2 model)
{
    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">
    /// Token ids, at least one. If prompt and <see cref="GenerationOptions.MaxNewTokens"/> exceed the context
    /// together, the prompt loses tokens at its beginning, down to half a context; the result says how many.
    /// </param>
    /// <param name="options">Sampling, lengths, seed.</param>
    /// <param name="cancellation">Checked before each token.</param>
    /// <exception cref="CannotGenerateException">The model fills in masked tokens.</exception>
    /// <exception cref="GenerationOptionsException">Options are out of range.</exception>
    /// <exception cref="TokenOutOfRangeException">A prompt id has no embedding.</exception>
    public GenerationResult Generate(
        IReadOnlyList<int> prompt,
        GenerationOptions options,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(options);
        if (model.Config.Bidirectional)
        {
            throw new CannotGenerateException();
        }

        var errors = options.Validate().ToList();
        if (errors.Count > 0)
        {
            throw new GenerationOptionsException(errors);
        }

        if (prompt.Count == 0)
        {
            throw new ArgumentException("must hold at least one token: begin with end-of-text", nameof(prompt));
        }

        var context = model.Config.ContextLength;
        var room = Math.Max(context - options.MaxNewTokens, Math.Max(1, context / 2));
        var ids = prompt.Skip(Math.Max(0, prompt.Count - room)).ToArray();

        using var scope = TensorScope.Open();
        using var noGradient = GradientMode.Off();
        using var promptCache = NewCache(batch: 1, ids.Length);
        var first_1V = NextLogits(ids, batch: 1, promptCache);
        var completions = new List<Completion>(options.Completions);
        for (var start = 0; start < options.Completions; start += options.BatchSize)
        {
            var count = Math.Min(options.BatchSize, options.Completions - start);
            completions.AddRange(Batch(start, count, promptCache, first_1V, options, cancellation));
        }

        return new GenerationResult(completions, prompt.Count - ids.Length);
    }

    private List<Completion> Batch(
        int start,
        int count,
        KeyValueCache promptCache,
        NativeTensor first_1V,
        GenerationOptions options,
        CancellationToken cancellation
    )
    {
        var limit = Math.Min(options.MaxNewTokens, model.Config.ContextLength - promptCache.Length);
        var cache = NewCache(count, promptCache.Length + limit);
        try
        {
            cache.CopyFrom(promptCache);
            var batch = new LivingRows(count, limit);
            for (var step = 0; step < limit && batch.Living.Length > 0; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = TensorScope.Open();
                var living = batch.Living;
                var logits_BV = step == 0 ? first_1V : NextLogits(batch.Last, living.Length, cache);
                for (var row = 0; row < living.Length; row++)
                {
                    batch.Add(row, Pick(logits_BV, step == 0 ? 0 : row, start + living[row], step, options), options);
                }

                if (batch.Drop() is { } kept)
                {
                    // Rows that have ended would be computed to the end of the last one.
                    var smaller = cache.Rows(kept);
                    cache.Dispose();
                    cache = smaller;
                }
            }

            return batch.Completions;
        }
        finally
        {
            cache.Dispose();
        }
    }

    private int Pick(NativeTensor logits_BV, int row, int completion, int step, GenerationOptions options)
    {
        var vocabulary = model.Config.VocabularySize;
        ReadOnlySpan<float> logits = logits_BV.HostSpan<float>().Slice(row * vocabulary, vocabulary);
        logits = logits[..Math.Min(vocabulary, options.VocabularySize ?? vocabulary)];
        if (options.Greedy)
        {
            return TokenDistribution.Greatest(logits);
        }

        // Each completion has a stream of its own, so that its tokens do not depend on how many are computed at once.
        var stream = SplitMix64.Mix(options.Seed, (ulong)completion);
        return TokenDistribution.Of(logits, options).Draw(SplitMix64.Uniform(stream, (ulong)step));
    }

    // Appends ids (row-major [B, T]) to the cache and gives the logits after each row's last, in host memory: [B, V].
    private NativeTensor NextLogits(int[] ids, int batch, KeyValueCache cache)
    {
        using var scope = TensorScope.Open();
        var time = ids.Length / batch;
        using var made_BT = tensor(
            Array.ConvertAll(ids, id => (long)id),
            [batch, time],
            device: model.Parameters.device
        );
        var ids_BT = NativeTensor.Share(made_BT);
        model.CheckIds(ids_BT, minimumTime: 1);
        var hidden_BTC = model.Hidden(ids_BT, new Pass(ScalarType.Float32, Cache: cache));
        cache.Advance(time);
        var last_BV = model.LogitsOf(hidden_BTC.Narrow(1, time - 1, 1));
        return HostRead.CopyOf(last_BV).Contiguous().MoveToOuterScope();
    }

    private KeyValueCache NewCache(int batch, int capacity) =>
        new(model.Config, batch, capacity, model.TokenEmbedding_VC);
}
