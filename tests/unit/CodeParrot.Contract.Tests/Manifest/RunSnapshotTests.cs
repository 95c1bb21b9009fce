using System.Text.Json;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Contract.Tests.Manifest;

public sealed class RunSnapshotTests
{
    [Fact]
    public void Reads_back_as_the_same_manifest()
    {
        var manifest = Manifests.Read(
            Manifests.Good,
            "evaluation.prompts=[\"def f(a):\\n  \", \"#!\", \" yes\", \"no\", \"1e5\", \"\", \"a: b\"]",
            "workers.resources={limits: {memory: \"8\", \"nvidia.com/gpu\": 1}}",
            "workers.template={volumes: [{name: scratch, emptyDir: {}}], env: [{name: A, value: \"\"}], "
                + "nodeSelector: ~}",
            "stages={corpus: {resources: {requests: {cpu: 500m}}}}",
            "failurePolicy.totalDeadline=1h30m",
            "failurePolicy.rules=[{onExitCodes: [44, 137], action: RestartFree}]",
            "training.learningRate=3e-05",
            "rollback={toStep: 40, nonce: \"007\"}"
        );

        var text = RunSnapshot.Write(manifest);
        var again = Manifests.Read(text);

        Assert.Equal(Json(SpecResolver.Resolve(manifest)), Json(again));
        Assert.Equal(text, RunSnapshot.Write(again));
    }

    [Fact]
    public void Hash_is_that_of_the_text()
    {
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", RunSnapshot.Hash("abc"));
    }

    [Theory]
    [InlineData("training.seed=2")]
    [InlineData("model.layers=3")]
    [InlineData("workers.count=2")]
    [InlineData("training.batchSize=3")]
    [InlineData("corpus.include=*.cs")]
    [InlineData("tokenizer.train.vocabularySize=1000")]
    public void Identity_changes_with_what_gives_weights_their_meaning(string assignment)
    {
        var before = RunSnapshot.IdentityDigest(Manifests.Read(Manifests.Good).Spec);
        var after = RunSnapshot.IdentityDigest(Manifests.Read(Manifests.Good, assignment).Spec);

        Assert.NotEqual(before, after);
    }

    [Theory]
    [InlineData("training.maxSteps=9")]
    [InlineData("training.learningRate=1e-3")]
    [InlineData("suspend=true")]
    [InlineData("workers.gpusPerPod=1")]
    [InlineData("model.preset=gpt2")]
    [InlineData("checkpoints.everySteps=3")]
    public void Identity_stays_with_the_recipe_and_with_defaults_written_out(string assignment)
    {
        var before = RunSnapshot.IdentityDigest(Manifests.Read(Manifests.Good).Spec);
        var after = RunSnapshot.IdentityDigest(Manifests.Read(Manifests.Good, assignment).Spec);

        Assert.Equal(before, after);
    }

    private static string Json(RunManifest manifest) => JsonSerializer.Serialize(manifest, ContractJson.Compact);
}
