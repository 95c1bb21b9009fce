using CodeParrot.Contract.Objectives;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Manifest;

/// <summary>Mistakes in what <c>spec.training.objective</c> asks of tokenizer and model.</summary>
internal static class ObjectiveValidator
{
    private const string Path = "spec.training.objective";

    /// <summary>256 bytes and end of text.</summary>
    private const int BaseTokens = 257;

    public static void Check(RunSpec spec, MistakeList mistakes)
    {
        var objective = spec.Training.Objective;
        if (objective == Objective.CausalLm)
        {
            return;
        }

        var context = spec.Model.ContextLength ?? SpecResolver.DefaultContextLength;
        if (objective == Objective.SpanCorruption && context < SpanSizes.MinContextLength)
        {
            mistakes.Add(
                "spec.model.contextLength",
                $"must be at least {SpanSizes.MinContextLength} for SpanCorruption, was {context}"
            );
            return;
        }

        var special = SpecialTokens.Of(objective, context);
        mistakes.Check(
            spec.Corpus.Source.Format != SourceFormat.Tokens || spec.Tokenizer.From is not null,
            Path,
            $"{objective} needs special tokens, which ready-made ids do not name: set spec.tokenizer.from to a "
                + $"tokenizer with {Names(special)}, or use CausalLm"
        );
        mistakes.Check(
            spec.Tokenizer.Train is null || spec.Tokenizer.Train.VocabularySize >= BaseTokens + special.Count,
            "spec.tokenizer.train.vocabularySize",
            $"must be at least {BaseTokens + special.Count} for {objective} (bytes, end of text and {Names(special)}), "
                + $"was {spec.Tokenizer.Train?.VocabularySize}"
        );
    }

    private static string Names(IReadOnlyList<string> special) =>
        special.Count == 1 ? special[0] : $"{special[0]} to {special[^1]}";
}
