using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Model.Safetensors;
using TorchSharp;

namespace CodeParrot.Model.Tests.HuggingFace;

public class HuggingFaceFolderTests
{
    [Fact]
    public void A_saved_model_loads_with_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyModel.New(config: TinyModel.Config with { ScaleAttentionByInverseLayer = true });

        HuggingFaceFolder.Save(model, folder.Path);
        using var loaded = HuggingFaceFolder.Load(folder.Path);

        Assert.Equal(model.Config, loaded.Config);
        Assert.Equal(TinyModel.Values(model.Parameters), TinyModel.Values(loaded.Parameters));
    }

    [Fact]
    public void The_saved_files_are_what_transformers_writes_for_gpt2()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyModel.New(dropout: 0.1);

        HuggingFaceFolder.Save(model, folder.Path);

        var config = JsonNode.Parse(File.ReadAllBytes(folder.File("config.json")))!;
        Assert.Equal("GPT2LMHeadModel", (string?)config["architectures"]![0]);
        Assert.Equal((0, 0), ((int)config["bos_token_id"]!, (int)config["eos_token_id"]!));
        Assert.Equal("float32", (string?)config["torch_dtype"]);
        Assert.Equal((61, 0.1), ((int)config["vocab_size"]!, (double)config["attn_pdrop"]!));
        var generation = JsonNode.Parse(File.ReadAllBytes(folder.File("generation_config.json")))!;
        Assert.Equal(0, (int)generation["eos_token_id"]!);
        using var weights = SafetensorsFile.Open(folder.File("model.safetensors"));
        Assert.Equal(model.Layout.Select(slot => slot.Name), weights.Tensors.Keys);
        Assert.DoesNotContain("lm_head.weight", weights.Tensors.Keys);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_model_whole()
    {
        using var folder = new TemporaryFolder();
        using var old = TinyModel.New(seed: 1);
        using var fresh = TinyModel.New(seed: 2);
        HuggingFaceFolder.Save(old, folder.Path);
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Path).Length);
        Directory.CreateDirectory(folder.File("model.safetensors.partial"));

        Assert.ThrowsAny<Exception>(() => HuggingFaceFolder.Save(fresh, folder.Path));

        using var loaded = HuggingFaceFolder.Load(folder.Path);
        Assert.Equal(TinyModel.Values(old.Parameters), TinyModel.Values(loaded.Parameters));
    }

    [Theory]
    [InlineData(torch.ScalarType.BFloat16)]
    [InlineData(torch.ScalarType.Float16)]
    public void Half_precision_sources_become_fp32(torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = TinyModel.New();

        SaveWith(folder, model, entries => entries.Select(e => e with { Tensor = e.Tensor.to(type) }));
        using var loaded = HuggingFaceFolder.Load(folder.Path);

        var expected = model.Parameters.to(type).to(torch.ScalarType.Float32);
        Assert.Equal(TinyModel.Values(expected), TinyModel.Values(loaded.Parameters));
    }

    [Fact]
    public void Bare_names_mask_buffers_and_an_equal_head_are_accepted()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = TinyModel.New();

        SaveWith(
            folder,
            model,
            entries =>
                entries
                    .Select(e => e with { Name = e.Name["transformer.".Length..] })
                    .Append(new("lm_head.weight", model.TokenEmbedding_VC.ToTensor().detach()))
                    .Append(new("h.0.attn.bias", torch.ones(1, 1, 24, 24, torch.ScalarType.Byte)))
                    .Append(new("h.0.attn.masked_bias", torch.full(1, -1e4f)))
        );
        using var loaded = HuggingFaceFolder.Load(folder.Path);

        Assert.Equal(TinyModel.Values(model.Parameters), TinyModel.Values(loaded.Parameters));
    }

    [Fact]
    public void A_head_of_its_own_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = TinyModel.New();
        SaveWith(folder, model, entries => entries.Append(new("lm_head.weight", torch.zeros(61, 24))));

        var error = Assert.Throws<SafetensorsException>(() => HuggingFaceFolder.Load(folder.Path));

        Assert.Equal("lm_head.weight", error.Tensor);
    }

    [Fact]
    public void Another_vocabulary_is_a_mismatch_with_both_shapes()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyModel.New();
        HuggingFaceFolder.Save(model, folder.Path);
        Edit(folder, config => config["vocab_size"] = 62);

        var error = Assert.Throws<TensorMismatchException>(() => HuggingFaceFolder.Load(folder.Path));

        Assert.Equal("transformer.wte.weight", error.Tensor);
        Assert.Equal([62L, 24L], error.Expected);
        Assert.Equal([61L, 24L], error.Actual);
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyModel.New();
        SaveWith(folder, model, entries => entries.Skip(1));

        var error = Assert.Throws<SafetensorsException>(() => HuggingFaceFolder.Load(folder.Path));

        Assert.Equal("transformer.wte.weight", error.Tensor);
    }

    [Fact]
    public void A_truncated_file_is_named()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyModel.New();
        HuggingFaceFolder.Save(model, folder.Path);
        using (var file = File.OpenWrite(folder.File("model.safetensors")))
        {
            file.SetLength(file.Length - 4);
        }

        var error = Assert.Throws<SafetensorsException>(() => HuggingFaceFolder.Load(folder.Path));

        Assert.Contains("model.safetensors", error.Message);
        Assert.Contains("truncated", error.Message);
    }

    [Fact]
    public void Other_architectures_are_refused_with_every_reason()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyModel.New();
        HuggingFaceFolder.Save(model, folder.Path);
        Edit(
            folder,
            config =>
            {
                config["model_type"] = "llama";
                config["activation_function"] = "gelu";
                config["n_inner"] = 100;
                config["tie_word_embeddings"] = false;
                ((JsonObject)config).Remove("n_head");
            }
        );

        var error = Assert.Throws<ModelFileException>(() => HuggingFaceFolder.Load(folder.Path));

        foreach (var field in new[] { "model_type", "activation_function", "n_inner", "tie_word_embeddings", "n_head" })
        {
            Assert.Contains(field, error.Message);
        }
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    public void A_missing_file_is_named(string name)
    {
        using var folder = new TemporaryFolder();
        using var model = TinyModel.New();
        HuggingFaceFolder.Save(model, folder.Path);
        File.Delete(folder.File(name));

        Assert.Contains(name, Assert.Throws<ModelFileException>(() => HuggingFaceFolder.Load(folder.Path)).Message);
    }

    [Fact]
    public void A_config_that_is_no_json_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), "{");
        File.WriteAllText(folder.File("model.safetensors"), "");

        var error = Assert.Throws<ModelFileException>(() => HuggingFaceFolder.Load(folder.Path));

        Assert.IsAssignableFrom<JsonException>(error.InnerException);
    }

    private static void SaveWith(
        TemporaryFolder folder,
        Gpt2 model,
        Func<IEnumerable<SafetensorsEntry>, IEnumerable<SafetensorsEntry>> change
    )
    {
        using var scope = torch.NewDisposeScope();
        HuggingFaceFolder.Save(model, folder.Path);
        var entries = change(HuggingFaceFolder.Entries(model.Layout, model.Parameters)).ToArray();
        using var stream = new SafetensorsStream(entries);
        using var file = File.Create(folder.File("model.safetensors"));
        stream.CopyTo(file);
    }

    private static void Edit(TemporaryFolder folder, Action<JsonNode> change)
    {
        var config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!;
        change(config);
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
    }
}
