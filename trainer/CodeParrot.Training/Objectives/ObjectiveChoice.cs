using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Objectives;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;

namespace CodeParrot.Training.Objectives;

/// <summary>Makes the objective that a spec names, with the ids that the corpus's tokenizer gives its tokens.</summary>
internal static class ObjectiveChoice
{
    /// <summary>Whether the model sees the tokens on both sides.</summary>
    public static bool IsBidirectional(Objective objective) => objective == Objective.MaskedLm;

    /// <summary>Returns the objective.</summary>
    /// <param name="objective">What the spec says.</param>
    /// <param name="contextLength">Tokens that the model sees at once.</param>
    /// <param name="tokens">What the token shards say of their tokenizer.</param>
    /// <exception cref="ManifestException">The tokenizer lacks a token that the objective needs.</exception>
    public static IObjective Of(Objective objective, int contextLength, TokenManifest tokens)
    {
        if (objective == Objective.SpanCorruption && contextLength < SpanSizes.MinContextLength)
        {
            throw Mistake(
                "spec.model.contextLength",
                $"must be at least {SpanSizes.MinContextLength} for {objective}, was {contextLength}"
            );
        }
        var names = SpecialTokens.Of(objective, contextLength);
        var missing = names.Where(name => !tokens.SpecialTokens.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            throw Mistake("spec.training.objective", MissingTokens(objective, missing));
        }
        long[] ids = [.. names.Select(name => (long)tokens.SpecialTokens[name])];
        return objective switch
        {
            Objective.MaskedLm => new MaskedObjective(contextLength, ids[0], tokens.VocabularySize),
            Objective.SpanCorruption => new SpanObjective(SpanSizes.Of(contextLength), ids),
            _ => new NextTokenObjective(contextLength),
        };
    }

    private static string MissingTokens(Objective objective, List<string> missing) =>
        $"{objective} needs special tokens that the corpus's tokenizer lacks: {missing[0]}"
        + (missing.Count > 1 ? $" and {missing.Count - 1} more up to {missing[^1]}" : "")
        + "; let spec.tokenizer.train make a tokenizer, name one that has them in spec.tokenizer.from, or use CausalLm";

    private static ManifestException Mistake(string path, string message) =>
        new("run.yaml", [new SpecMistake(path, message)]);
}
