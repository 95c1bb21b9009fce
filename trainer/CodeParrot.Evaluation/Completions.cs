using CodeParrot.Model;
using CodeParrot.Model.Generation;
using CodeParrot.Tokenizer;

namespace CodeParrot.Evaluation;

/// <summary>Continues prompts as text. Not thread-safe; owns neither model nor tokenizer.</summary>
public sealed class Completions
{
    private readonly Generator _generator;
    private readonly BpeTokenizer _tokenizer;

    /// <param name="model">The model.</param>
    /// <param name="tokenizer">The tokenizer that the model was trained with.</param>
    /// <exception cref="VocabularyMismatchException">
    /// The tokenizer has tokens that the model has no embedding for.
    /// </exception>
    public Completions(Gpt2 model, BpeTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.VocabularySize > model.Config.VocabularySize)
        {
            throw new VocabularyMismatchException(tokenizer.VocabularySize, model.Config.VocabularySize);
        }

        _generator = new Generator(model);
        _tokenizer = tokenizer;
    }

    /// <summary>
    /// Continues each prompt by itself: its texts depend on seed and options, not on the other prompts.
    /// </summary>
    /// <param name="prompts">Texts; an empty one begins a document.</param>
    /// <param name="options">Sampling, lengths, seed; end-of-text ends a completion beside its stop ids.</param>
    /// <param name="cancellation">Checked before each token.</param>
    /// <exception cref="GenerationOptionsException">Options are out of range.</exception>
    public IReadOnlyList<PromptCompletion> Complete(
        IReadOnlyList<string> prompts,
        GenerationOptions options,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(options);
        var stopping = options with
        {
            StopIds = [.. options.StopIds, _tokenizer.EndOfTextId],
            VocabularySize = _tokenizer.VocabularySize,
        };
        return [.. prompts.Select(prompt => Complete(prompt, stopping, cancellation))];
    }

    private PromptCompletion Complete(string prompt, GenerationOptions options, CancellationToken cancellation)
    {
        IReadOnlyList<int> ids = prompt.Length > 0 ? _tokenizer.Encode(prompt) : [_tokenizer.EndOfTextId];
        var result = _generator.Generate(ids, options, cancellation);
        return new(prompt, [.. result.Completions.Select(completion => FirstBlock.Truncate(Text(completion)))]);
    }

    private string Text(Completion completion) => _tokenizer.Decode([.. completion.Ids]);
}
