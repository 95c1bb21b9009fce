using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Secrets;
using CodeParrot.Trainer.Hosting;
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

    [Fact]
    public void A_pod_knows_which_worker_of_how_many_it_is()
    {
        var alone = Of("");
        var third = Of(", workers: 5", new() { [EnvironmentNames.Rank] = "2", [EnvironmentNames.WorldSize] = "4" });

        Assert.Equal((0, 1), (alone.WorkerIndex, alone.WorkerCount));
        // The attempt's pods count, not what the spec says by now.
        Assert.Equal((2, 4), (third.WorkerIndex, third.WorkerCount));
    }

    private static CorpusOptions Of(string fields, Dictionary<string, string>? variables = null)
    {
        var text = $$"""
            apiVersion: codeparrot.dev/v1alpha1
            kind: TrainingRun
            metadata: { name: small }
            spec: { corpus: { source: { uri: /data }{{fields}} } }
            """;
        var environment = PodEnvironment.Read(name =>
            name == EnvironmentNames.WorkFolder ? "/work" : variables?.GetValueOrDefault(name)
        );
        return CorpusSettings.Of(ManifestReader.Read(text, "run.yaml").Spec.Corpus, environment);
    }
}
