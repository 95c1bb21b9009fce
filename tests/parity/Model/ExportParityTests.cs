using System.Text.Json.Nodes;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Model.Safetensors;
using TorchSharp;

namespace CodeParrot.Parity.Tests.Model;

public sealed class ExportParityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-export-").FullName;

    [Fact]
    public void A_saved_model_holds_the_tensors_that_transformers_saved()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Reference.Model();

        HuggingFaceFolder.Save(model, _folder);

        using var expected = SafetensorsFile.Open(Path.Combine(Reference.Folder, HuggingFaceFolder.WeightsFile));
        using var actual = SafetensorsFile.Open(Path.Combine(_folder, HuggingFaceFolder.WeightsFile));
        Assert.Equal(expected.Tensors.Keys.Order(), actual.Tensors.Keys.Order());
        foreach (var (name, tensor) in expected.Tensors)
        {
            Assert.Equal(tensor.Shape, actual.Tensors[name].Shape);
            Assert.Equal(Bytes(expected, tensor), Bytes(actual, actual.Tensors[name]));
        }
    }

    [Fact]
    public void A_saved_configuration_says_what_transformers_said()
    {
        using var model = Reference.Model();

        HuggingFaceFolder.Save(model, _folder);

        var expected = Config(Reference.Folder);
        var actual = Config(_folder);
        foreach (var (field, value) in actual.Where(field => expected.ContainsKey(field.Key)))
        {
            Assert.True(JsonNode.DeepEquals(expected[field], value), $"{field}: {expected[field]} became {value}");
        }

        string[] needed = ["model_type", "architectures", "vocab_size", "n_embd", "n_head", "n_layer", "n_positions"];
        Assert.All(needed, field => Assert.True(actual.ContainsKey(field), field));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JsonObject Config(string folder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(folder, HuggingFaceFolder.ConfigFile)))!.AsObject();

    private static byte[] Bytes(SafetensorsFile file, SafetensorsTensor tensor)
    {
        var values = torch.empty(tensor.Shape.ToArray(), tensor.Type);
        file.Read(tensor.Name, values);
        return values.bytes.ToArray();
    }
}
