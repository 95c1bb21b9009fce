using CodeParrot.Model.Native;
using CodeParrot.Model.Safetensors;
using TorchSharp;

namespace CodeParrot.Model.HuggingFace;

/// <summary>
/// Model folders as Hugging Face's transformers reads and writes them: <c>config.json</c>,
/// <c>generation_config.json</c> and
/// <c>model.safetensors</c> in GPT-2's names. Buffers have the same layout as the file, so both ways are plain copies.
/// </summary>
public static class HuggingFaceFolder
{
    /// <summary>File of the sizes.</summary>
    public const string ConfigFile = "config.json";

    /// <summary>File of the defaults for generation.</summary>
    public const string GenerationConfigFile = "generation_config.json";

    /// <summary>File of the weights.</summary>
    public const string WeightsFile = "model.safetensors";

    private const string Prefix = "transformer.";
    private const string TiedHead = "lm_head.weight";
    private const int CopyBytes = 1 << 20;

    /// <summary>Loads a model; weights in F16, BF16 or F64 become fp32.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="device">Where the model shall live; the CPU by default.</param>
    /// <returns>A model that the caller disposes.</returns>
    /// <exception cref="ModelFileException">A file is missing, damaged or of another architecture.</exception>
    /// <exception cref="TensorMismatchException">A tensor's shape contradicts <c>config.json</c>.</exception>
    public static Gpt2 Load(string directory, torch.Device? device = null)
    {
        var configFile = Path.Combine(directory, ConfigFile);
        var weightsFile = Path.Combine(directory, WeightsFile);
        foreach (var file in new[] { configFile, weightsFile })
        {
            if (!File.Exists(file))
            {
                throw new ModelFileException(
                    file,
                    "is missing: a model folder holds config.json and model.safetensors"
                );
            }
        }

        var config = HuggingFaceConfig.ReadConfig(File.ReadAllBytes(configFile), configFile);
        using var weights = SafetensorsFile.Open(weightsFile);
        var model = new Gpt2(config, device);
        try
        {
            LoadWeights(model, weights);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Fills a model's parameters from a weights file.</summary>
    /// <exception cref="SafetensorsException">A tensor is missing or its data cannot be read.</exception>
    /// <exception cref="TensorMismatchException">A tensor's shape is not the model's.</exception>
    public static void LoadWeights(Gpt2 model, SafetensorsFile weights)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(weights);
        using var scope = torch.NewDisposeScope();
        foreach (var slot in model.Layout)
        {
            var name = NameIn(weights, slot.Name);
            var actual = weights.Tensors[name].Shape;
            if (!actual.SequenceEqual(slot.Shape))
            {
                throw new TensorMismatchException(weights.Name, name, slot.Shape, actual);
            }

            using var destination = model.Parameters.narrow(0, slot.Offset, slot.Count);
            weights.Read(name, destination);
        }

        CheckTiedHead(model, weights);
    }

    /// <summary>
    /// Writes the three files, each under another name first: a full disk leaves the files that were there whole.
    /// </summary>
    public static void Save(Gpt2 model, string directory)
    {
        ArgumentNullException.ThrowIfNull(model);
        Directory.CreateDirectory(directory);
        using var scope = torch.NewDisposeScope();
        using var weights = new SafetensorsStream(Entries(model.Layout, HostRead.CopyOf(model.Parameters)));
        using var config = new MemoryStream(HuggingFaceConfig.WriteConfig(model.Config));
        using var generation = new MemoryStream(HuggingFaceConfig.WriteGenerationConfig());
        Replace(Path.Combine(directory, WeightsFile), weights);
        Replace(Path.Combine(directory, GenerationConfigFile), generation);
        Replace(Path.Combine(directory, ConfigFile), config);
    }

    /// <summary>
    /// The weights as entries of a safetensors file, views of a flat host buffer in the model's layout (its
    /// parameters, or a copy of them or of a moment). The tied head is left out, as transformers does. The caller
    /// disposes the tensors.
    /// </summary>
    /// <param name="layout">The model's layout.</param>
    /// <param name="flat">Flat [N] in host memory.</param>
    public static IReadOnlyList<SafetensorsEntry> Entries(IReadOnlyList<ParameterSlot> layout, torch.Tensor flat)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(flat);
        var entries = new List<SafetensorsEntry>(layout.Count);
        foreach (var slot in layout)
        {
            using var range = flat.narrow(0, slot.Offset, slot.Count);
            entries.Add(new(slot.Name, range.view(slot.Shape)));
        }

        return entries;
    }

    private static void Replace(string path, Stream content)
    {
        var partial = path + ".partial";
        try
        {
            using (var file = File.Create(partial))
            {
                content.CopyTo(file, CopyBytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(partial);
            throw;
        }
    }

    // Folders saved from the bare GPT2Model have no "transformer." in front.
    private static string NameIn(SafetensorsFile weights, string name)
    {
        if (weights.Tensors.ContainsKey(name))
        {
            return name;
        }

        var bare = name[Prefix.Length..];
        return weights.Tensors.ContainsKey(bare)
            ? bare
            : throw new SafetensorsException(weights.Name, name, "is missing: is this the weights file of a GPT-2?");
    }

    private static void CheckTiedHead(Gpt2 model, SafetensorsFile weights)
    {
        if (!weights.Tensors.TryGetValue(TiedHead, out var head))
        {
            return;
        }

        using var embedding = model.TokenEmbedding_VC.ToTensor();
        if (!head.Shape.SequenceEqual(embedding.shape))
        {
            throw new TensorMismatchException(weights.Name, TiedHead, embedding.shape, head.Shape);
        }

        using var stored = torch.empty_like(embedding);
        weights.Read(TiedHead, stored);
        using var difference = stored.ne(embedding).any();
        if (HostRead.ValueOf<bool>(difference))
        {
            throw new SafetensorsException(
                weights.Name,
                TiedHead,
                "differs from the token embedding: models with a head of their own are not supported"
            );
        }
    }
}
