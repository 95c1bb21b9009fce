using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Secrets;
using CodeParrot.Trainer.Stages;

namespace CodeParrot.Trainer.Tests.Stages;

public sealed class CorpusSettingsTests
{
    [Fact]
    public void What_a_manifest_leaves_out_is_off()
    {
        var options = Of("");

        Assert.Null(options.NearDuplicates);
        Assert.Equal(SecretHandling.Keep, options.Secrets);
        Assert.True(options.DeduplicateExact);
    }

    [Fact]
    public void Near_duplicates_and_secrets_reach_the_corpus()
    {
        var options = Of(
            """
            , secrets: Drop, deduplicate: { exact: false, near: { enabled: true, similarity: 0.7, permutations: 99 } }
            """.Trim()
        );

        Assert.Equal(new NearDuplicateOptions { Similarity = 0.7, Permutations = 99 }, options.NearDuplicates);
        Assert.Equal(SecretHandling.Drop, options.Secrets);
        Assert.False(options.DeduplicateExact);
        Assert.Equal("/work", options.WorkFolder);
    }

    [Theory]
    [InlineData(SecretsPolicy.Keep)]
    [InlineData(SecretsPolicy.Redact)]
    [InlineData(SecretsPolicy.Drop)]
    public void Every_policy_has_its_handling(SecretsPolicy policy)
    {
        var options = Of($", secrets: {policy}");

        Assert.Equal(policy.ToString(), options.Secrets.ToString());
    }

    private static CorpusOptions Of(string fields)
    {
        var text = $$"""
            apiVersion: codeparrot.dev/v1alpha1
            kind: TrainingRun
            metadata: { name: small }
            spec: { corpus: { source: { uri: /data }{{fields}} } }
            """;
        return CorpusSettings.Of(ManifestReader.Read(text, "run.yaml").Spec.Corpus, "/work");
    }
}
