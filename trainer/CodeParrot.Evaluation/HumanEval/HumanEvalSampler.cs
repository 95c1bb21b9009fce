using System.IO.Hashing;
using System.Text;
using CodeParrot.Evaluation.HumanEval.Problems;
using CodeParrot.Model;
using CodeParrot.Model.Generation;
using CodeParrot.Tokenizer;

namespace CodeParrot.Evaluation.HumanEval;

/// <summary>Lets a model complete problems. Not thread-safe; owns neither model nor tokenizer.</summary>
public sealed class HumanEvalSampler
{
    // Keys and values of all completions at once, in fp32.
    private const long CacheBytes = 512L << 20;
    private const int MaxBatch = 64;

    // The longest stop string has six bytes: it ends within so many tokens, however short they are.
    private const int TailTokens = 8;

    private readonly Gpt2 _model;
    private readonly BpeTokenizer _tokenizer;
    private readonly Generator _generator;

    /// <param name="model">The model.</param>
    /// <param name="tokenizer">The tokenizer that the model was trained with.</param>
    /// <exception cref="VocabularyMismatchException">The tokenizer has tokens without an embedding.</exception>
    /// <exception cref="CannotGenerateException">The model fills in masked tokens.</exception>
    public HumanEvalSampler(Gpt2 model, BpeTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.VocabularySize > model.Config.VocabularySize)
        {
            throw new VocabularyMismatchException(tokenizer.VocabularySize, model.Config.VocabularySize);
        }

        if (model.Config.Bidirectional)
        {
            throw new CannotGenerateException();
        }

        _model = model;
        _tokenizer = tokenizer;
        _generator = new Generator(model);
    }

    /// <summary>
    /// Completes a problem's prompt as CodeParrot's own evaluation does: after end-of-text, without white space at its
    /// ends, until a line at column 0 begins something new. The texts follow from options and problem alone.
    /// </summary>
    public ProblemCompletions Sample(
        HumanEvalProblem problem,
        HumanEvalOptions options,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(options);
        List<int> prompt =
        [
            _tokenizer.EndOfTextId,
            .. _tokenizer.Encode(PromptOf(problem), SpecialTokenHandling.AsText),
        ];
        var generation = new GenerationOptions
        {
            Completions = options.Samples,
            MaxNewTokens = options.MaxNewTokens,
            Temperature = options.Temperature,
            TopP = options.TopP,
            Seed = SeedOf(problem, options),
            BatchSize = BatchOf(Math.Min(prompt.Count + options.MaxNewTokens, _model.Config.ContextLength)),
            StopIds = [_tokenizer.EndOfTextId],
            VocabularySize = _tokenizer.VocabularySize,
            EndsWhen = BeginsAnotherBlock,
        };
        var result = _generator.Generate(prompt, generation, cancellationToken);
        var texts = result.Completions.Select(completion =>
            FirstBlock.Truncate(_tokenizer.Decode([.. completion.Ids]))
        );
        return new ProblemCompletions(
            [.. texts],
            result.Completions.Sum(completion => (long)completion.Ids.Count),
            result.DroppedPromptTokens
        );
    }

    /// <summary>The text that a completion continues.</summary>
    public static string PromptOf(HumanEvalProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Prompt.Trim();
    }

    private static ulong SeedOf(HumanEvalProblem problem, HumanEvalOptions options) =>
        XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(problem.TaskId), unchecked((long)options.Seed));

    private int BatchOf(long tokens)
    {
        var config = _model.Config;
        var bytes = 2L * config.Layers * config.Width * tokens * sizeof(float);
        return (int)Math.Clamp(CacheBytes / bytes, 1, MaxBatch);
    }

    private bool BeginsAnotherBlock(IReadOnlyList<int> ids)
    {
        var tail = ids.Skip(Math.Max(0, ids.Count - TailTokens)).ToArray();
        var text = _tokenizer.Decode(tail);
        return FirstBlock.Truncate(text).Length < text.Length;
    }
}
