using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Tests.Manifest;

public sealed class HumanEvalValidatorTests
{
    private const string Path = "spec.evaluation.humanEval";
    private const string Problems = "evaluation.humanEval.problems=s3://evals/HumanEval.jsonl.gz";

    [Fact]
    public void Problems_are_all_that_must_be_named()
    {
        var spec = Manifests.Read(Manifests.Good, Problems).Spec.Evaluation.HumanEval!;

        Assert.Equal(new HumanEvalSpec { Problems = "s3://evals/HumanEval.jsonl.gz" }, spec);
        Assert.Equal((200, 0.2, 0.95, 256), (spec.Samples, spec.Temperature, spec.TopP, spec.MaxNewTokens));
        Assert.Equal((TimeSpan.FromSeconds(3), SandboxIsolation.Filter), (spec.Timeout, spec.Isolation));
        Assert.Null(Manifests.Read(Manifests.Good).Spec.Evaluation.HumanEval);
    }

    [Fact]
    public void Every_mistake_is_told_with_its_field()
    {
        var mistakes = Manifests.Mistakes(
            Manifests.Good,
            "evaluation.humanEval={ problems: s3://evals/, digest: 12ab, samples: 0, temperature: 0, topP: 1.5, "
                + "maxNewTokens: 0, timeout: 0s }"
        );

        Assert.Equal(
            ["problems", "digest", "samples", "temperature", "topP", "maxNewTokens", "timeout"],
            mistakes.Select(mistake => mistake.Path[(Path.Length + 1)..])
        );
    }

    [Theory]
    [InlineData("training.objective=MaskedLm")]
    [InlineData("corpus.source.format=Tokens", "model.vocabularySize=500")]
    public void A_model_that_cannot_write_is_told_apart(params string[] fields)
    {
        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, [Problems, .. fields]));

        Assert.Equal(Path, mistake.Path);
        Assert.Contains("leave it out", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ready_made_tokens_do_with_a_tokenizer()
    {
        Manifests.Read(
            Manifests.Good,
            Problems,
            "corpus.source.format=Tokens",
            "model.vocabularySize=500",
            "tokenizer.from=file:///t"
        );
    }
}
