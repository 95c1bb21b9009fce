namespace CodeParrot.Model.Tests;

public class Gpt2ConfigTests
{
    [Theory]
    [InlineData("gpt2", 111_008_256)]
    [InlineData("gpt2-xl", 1_529_628_800)]
    public void Presets_have_the_published_sizes(string name, long parameters)
    {
        Assert.Equal(parameters, Gpt2Config.Preset(name).ParameterCount);
    }

    [Fact]
    public void Every_preset_is_valid()
    {
        Assert.All(Gpt2Config.PresetNames, name => Assert.Empty(Gpt2Config.Preset(name).Validate()));
    }

    [Fact]
    public void An_unknown_preset_names_the_known_ones()
    {
        var error = Assert.Throws<ModelConfigurationException>(() => Gpt2Config.Preset("gpt3"));

        Assert.Contains("gpt2-xl", error.Message);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        var config = new Gpt2Config
        {
            Heads = 7,
            Layers = 0,
            Dropout = 1,
            VocabularySize = -1,
        };

        var errors = config.Validate().ToArray();

        Assert.Equal(4, errors.Length);
        Assert.Contains("heads: must divide width 768, was 7", errors);
        Assert.Throws<ModelConfigurationException>(() => new Gpt2(config));
    }

    [Fact]
    public void The_count_is_that_of_the_layout()
    {
        using var model = new Gpt2(TinyModel.Config);

        Assert.Equal(TinyModel.Config.ParameterCount, model.Layout.Sum(slot => slot.Count));
    }
}
