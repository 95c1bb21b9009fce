using TorchSharp;

namespace CodeParrot.Model.Tests;

/// <summary>Models of a few thousand parameters, and batches for them.</summary>
internal static class TinyModel
{
    public static Gpt2Config Config { get; } =
        new()
        {
            VocabularySize = 61,
            ContextLength = 24,
            Width = 24,
            Heads = 3,
            Layers = 2,
            Dropout = 0,
        };

    public static Gpt2 New(double dropout = 0, ulong seed = 3, Gpt2Config? config = null)
    {
        var model = new Gpt2((config ?? Config) with { Dropout = dropout });
        model.Initialise(seed);
        return model;
    }

    public static torch.Tensor Batch(int rows = 3, int time = 16, int vocabulary = 61)
    {
        // A fixed pattern with repeats: some tokens must gather gradient from several places.
        var ids = Enumerable.Range(0, rows * time).Select(i => (long)((i * 17 + i / 5) % vocabulary));
        return torch.tensor(ids.ToArray(), [rows, time]);
    }

    public static MicroBatch Micro(
        double scale = 1,
        Precision precision = Precision.Fp32,
        ulong seed = 9,
        bool recompute = false
    ) => new(scale, precision, seed, recompute);

    public static float[] Values(torch.Tensor flat) => Native(flat);

    private static float[] Native(torch.Tensor flat) =>
        CodeParrot.Model.Native.LibTorch.Span<float>(flat, 0, (int)flat.numel()).ToArray();
}
