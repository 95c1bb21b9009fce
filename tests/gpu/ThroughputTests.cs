using CodeParrot.Distributed.Cuda;
using CodeParrot.Model;
using TorchSharp;

namespace CodeParrot.Gpu.Tests;

/// <summary>How fast a device trains, as a figure in the test's output: time is no reason to fail.</summary>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int Rows = 8;
    private const int Steps = 20;
    private const int WarmUpSteps = 3;

    [Fact]
    public void A_model_of_111M_parameters_learns_a_batch_by_heart_and_says_how_fast()
    {
        Gpus.Require(1);
        using var scope = torch.NewDisposeScope();
        var config = new Gpt2Config
        {
            VocabularySize = 32768,
            ContextLength = 1024,
            Width = 768,
            Heads = 12,
            Layers = 12,
            Dropout = 0,
        };
        using var model = new Gpt2(config, Gpus.First);
        model.Initialise(1);
        using var optimiser = new AdamW(model, new AdamWOptions());
        var ids = Enumerable.Range(0, Rows * 1024).Select(i => (long)(i * 7919 % 32768)).ToArray();
        using var ids_BT = torch.tensor(ids, [Rows, 1024], device: Gpus.First);

        var losses = new List<double>();
        var start = TimeProvider.System.GetTimestamp();
        for (var step = 0; step < WarmUpSteps + Steps; step++)
        {
            if (step == WarmUpSteps)
            {
                start = TimeProvider.System.GetTimestamp();
            }

            using var inner = torch.NewDisposeScope();
            optimiser.ZeroGradients();
            losses.Add(model.ForwardBackward(ids_BT, new MicroBatch(1, Precision.Bf16, 0, Recompute: false)));
            optimiser.Step(3e-4, AdamW.ClipFactor(optimiser.GradientNorm(), 1));
        }

        torch.cuda.synchronize();
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var tokensPerSecond = Steps * ids.Length / seconds;
        // Six operations a parameter and token, and attention's products, as in the PaLM paper's appendix B.
        var operations = (6.0 * config.ParameterCount) + (12.0 * config.Layers * config.Width * config.ContextLength);
        var name = CudaRuntime.Load().NameOf(0);
        output.WriteLine(
            $"{name}: {tokensPerSecond:N0} tokens/s, {tokensPerSecond * operations / 1e12:F1} TFLOP/s bf16"
        );
        Assert.True(losses[^1] < losses[0] - 1, $"the loss went from {losses[0]:F3} to {losses[^1]:F3}");
    }
}
