using CodeParrot.Operator.Core.Accept;

namespace CodeParrot.Operator.Core.Tests.Accept;

public sealed class IdentityFieldsTests
{
    [Fact]
    public void Names_every_changed_field_with_both_values()
    {
        var changes = IdentityFields.Changed(
            Runs.Small().Spec,
            Runs.Small("training.seed=7", "model.layers=3", "corpus.licenses.allow=[mit]", "training.maxSteps=9").Spec
        );

        Assert.Equal(
            [
                "spec.corpus.licenses.allow: was [], is [\"mit\"]",
                "spec.model.layers: was 2, is 3",
                "spec.training.seed: was 1, is 7",
            ],
            changes
        );
    }

    [Theory]
    [InlineData("model.preset=gpt2")]
    [InlineData("tokenizer.train.vocabularySize=32768")]
    [InlineData("store.credentialsSecret=other")]
    [InlineData("suspend=true")]
    public void Passes_over_what_means_the_same(string assignment)
    {
        Assert.Empty(IdentityFields.Changed(Runs.Small().Spec, Runs.Small(assignment).Spec));
    }
}
