using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Manifest;

/// <summary>Mistakes in <c>spec.evaluation.humanEval</c>.</summary>
internal static class HumanEvalValidator
{
    private const string Path = "spec.evaluation.humanEval";
    private const int DigestLength = 64;

    public static void Check(RunSpec spec, MistakeList mistakes)
    {
        if (spec.Evaluation.HumanEval is not { } humanEval)
        {
            return;
        }

        mistakes.Check(
            humanEval.Problems.Length > 0 && !humanEval.Problems.EndsWith('/'),
            Path + ".problems",
            $"must name a file of problems: s3://bucket/key, file:///folder/file or a path, was '{humanEval.Problems}'"
        );
        mistakes.Check(
            humanEval.Digest.Length == 0
                || (humanEval.Digest.Length == DigestLength && humanEval.Digest.All(char.IsAsciiHexDigit)),
            Path + ".digest",
            $"must be a SHA-256 in {DigestLength} hexadecimal digits, or empty, was '{humanEval.Digest}'"
        );
        mistakes.AtLeast(humanEval.Samples, 1, Path + ".samples");
        mistakes.Check(
            humanEval.Temperature > 0 && double.IsFinite(humanEval.Temperature),
            Path + ".temperature",
            $"must be above 0, was {humanEval.Temperature}; 0.2 and 0.8 are usual"
        );
        mistakes.Check(
            humanEval.TopP > 0 && humanEval.TopP <= 1,
            Path + ".topP",
            $"must be above 0 and at most 1, was {humanEval.TopP}"
        );
        mistakes.AtLeast(humanEval.MaxNewTokens, 1, Path + ".maxNewTokens");
        mistakes.Check(
            humanEval.Timeout > TimeSpan.Zero,
            Path + ".timeout",
            $"must be longer than 0s, was {humanEval.Timeout}"
        );
        mistakes.Check(
            spec.Training.Objective != Objective.MaskedLm,
            Path,
            "needs a model that continues text: leave it out, or train with CausalLm or SpanCorruption"
        );
        mistakes.Check(
            spec.Corpus.Source.Format != SourceFormat.Tokens || spec.Tokenizer.From is not null,
            Path,
            "needs a tokenizer, and ready-made tokens come without one: set spec.tokenizer.from, or leave it out"
        );
    }
}
