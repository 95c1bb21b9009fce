using CodeParrot.Model;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Gpu.Tests;

/// <summary>A model large enough for the kernels that training uses, with the same weights on every device.</summary>
internal static class SmallModel
{
    public static Gpt2Config Config { get; } =
        new()
        {
            VocabularySize = 512,
            ContextLength = 64,
            Width = 128,
            Heads = 4,
            Layers = 3,
            Dropout = 0,
        };

    public static Gpt2 New(torch.Device device, double dropout = 0)
    {
        var model = new Gpt2(Config with { Dropout = dropout }, device);
        model.Initialise(seed: 5);
        return model;
    }

    public static torch.Tensor Batch(torch.Device device)
    {
        var ids = Enumerable.Range(0, 4 * Config.ContextLength).Select(i => (long)((i * 37 + i / 7) % 512)).ToArray();
        return torch.tensor(ids, [4, Config.ContextLength], device: device);
    }

    public static float[] Values(torch.Tensor flat)
    {
        using var host = flat.cpu();
        return LibTorch.Span<float>(host, 0, (int)host.numel()).ToArray();
    }

    /// <summary>Length of the difference over the length of what was expected.</summary>
    public static double Difference(float[] expected, float[] actual)
    {
        var difference = expected.Zip(actual, (e, a) => ((double)e - a) * ((double)e - a)).Sum();
        return Math.Sqrt(difference / expected.Sum(e => (double)e * e));
    }
}
