using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Tests.Manifest;

public sealed class ObjectiveValidatorTests
{
    [Theory]
    [InlineData("MaskedLm")]
    [InlineData("SpanCorruption")]
    public void Ready_made_ids_need_a_tokenizer_that_names_the_special_tokens(string objective)
    {
        string[] fields =
        [
            $"training.objective={objective}",
            "corpus.source.format=Tokens",
            "model.vocabularySize=500",
        ];

        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, fields));

        Assert.Equal("spec.training.objective", mistake.Path);
        Assert.Contains("spec.tokenizer.from", mistake.Message, StringComparison.Ordinal);
        Manifests.Read(Manifests.Good, [.. fields, "tokenizer.from=file:///t"]);
    }

    [Theory]
    [InlineData("MaskedLm", 257, "must be at least 258")]
    [InlineData("SpanCorruption", 303, "must be at least 304")]
    public void A_trained_vocabulary_has_room_for_them(string objective, int size, string expected)
    {
        string[] Fields(int vocabulary) =>
            [$"training.objective={objective}", $"tokenizer.train.vocabularySize={vocabulary}"];

        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, Fields(size)));

        Assert.Equal("spec.tokenizer.train.vocabularySize", mistake.Path);
        Assert.StartsWith(expected, mistake.Message, StringComparison.Ordinal);
        Manifests.Read(Manifests.Good, Fields(size + 1));
    }

    [Fact]
    public void A_context_too_short_for_a_span_is_refused()
    {
        var mistake = Assert.Single(
            Manifests.Mistakes(Manifests.Good, "training.objective=SpanCorruption", "model.contextLength=7")
        );

        Assert.Equal("spec.model.contextLength: must be at least 8 for SpanCorruption, was 7", mistake.ToString());
    }

    [Fact]
    public void Next_tokens_are_predicted_unless_told_otherwise()
    {
        Assert.Equal(Objective.CausalLm, Manifests.Read(Manifests.Good).Spec.Training.Objective);
    }
}
