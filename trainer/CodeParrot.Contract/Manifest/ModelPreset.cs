namespace CodeParrot.Contract.Manifest;

/// <summary>GPT-2's published sizes (Radford et al. 2019, table 2).</summary>
/// <param name="Name">As in <c>spec.model.preset</c>.</param>
/// <param name="Layers">Transformer blocks.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="Width">Width of the residual stream.</param>
public sealed record ModelPreset(string Name, int Layers, int Heads, int Width)
{
    /// <summary>The presets, smallest first.</summary>
    public static IReadOnlyList<ModelPreset> All { get; } =
    [
        new("gpt2", 12, 12, 768),
        new("gpt2-medium", 24, 16, 1024),
        new("gpt2-large", 36, 20, 1280),
        new("gpt2-xl", 48, 25, 1600),
    ];

    /// <summary>The preset of this name, or null.</summary>
    public static ModelPreset? Find(string name) => All.FirstOrDefault(p => p.Name == name);
}
