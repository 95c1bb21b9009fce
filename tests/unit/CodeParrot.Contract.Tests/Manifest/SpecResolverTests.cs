using CodeParrot.Contract.Manifest;

namespace CodeParrot.Contract.Tests.Manifest;

public sealed class SpecResolverTests
{
    [Fact]
    public void Writes_out_preset_warm_up_and_tokenizer()
    {
        var spec = SpecResolver.Resolve(Manifests.Read(Manifests.Good, "model.preset=gpt2-xl")).Spec;

        Assert.Equal(48, spec.Model.Layers);
        Assert.Equal(25, spec.Model.Heads);
        Assert.Equal(1600, spec.Model.Width);
        Assert.Equal(1024, spec.Model.ContextLength);
        Assert.Equal(32768, spec.Model.VocabularySize);
        Assert.Equal(2000, spec.Training.Schedule.WarmupSteps);
        Assert.Equal(32768, spec.Tokenizer.Train!.VocabularySize);
    }

    [Fact]
    public void Single_numbers_override_the_presets()
    {
        var spec = SpecResolver.Resolve(Manifests.Read(Manifests.Good, "model.layers=2", "training.maxSteps=50")).Spec;

        Assert.Equal(2, spec.Model.Layers);
        Assert.Equal(768, spec.Model.Width);
        Assert.Equal(5, spec.Training.Schedule.WarmupSteps);
    }

    [Fact]
    public void Resolving_twice_changes_nothing()
    {
        var once = SpecResolver.Resolve(Manifests.Read(Manifests.Good));
        var twice = SpecResolver.Resolve(once);

        Assert.Equal(RunSnapshot.Write(once), RunSnapshot.Write(twice));
    }

    [Fact]
    public void Leaves_the_shape_open_that_a_folder_brings()
    {
        var spec = SpecResolver.Resolve(Manifests.Read(Manifests.Good, "model.from=/models/gpt2")).Spec;

        Assert.Null(SpecResolver.Shape(spec));
    }

    [Fact]
    public void Ready_made_tokens_need_no_tokenizer()
    {
        var spec = SpecResolver
            .Resolve(Manifests.Read(Manifests.Good, "corpus.source.format=Tokens", "model.vocabularySize=300"))
            .Spec;

        Assert.Null(spec.Tokenizer.Train);
        Assert.Equal(300, SpecResolver.Shape(spec)!.VocabularySize);
    }

    [Fact]
    public void Ready_made_tokens_need_a_vocabulary_size()
    {
        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, "corpus.source.format=Tokens"));

        Assert.Equal("spec.model.vocabularySize", mistake.Path);
    }
}
