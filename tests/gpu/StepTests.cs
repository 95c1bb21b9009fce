using CodeParrot.Model;
using CodeParrot.Model.Generation;
using TorchSharp;

namespace CodeParrot.Gpu.Tests;

public sealed class StepTests
{
    private const double LearningRate = 1e-3;

    public static TheoryData<Precision> Precisions => [.. Enum.GetValues<Precision>()];

    [Fact]
    public void Fresh_weights_are_the_same_bits_on_any_device()
    {
        Gpus.Require(1);
        using var host = SmallModel.New(torch.CPU);
        using var device = SmallModel.New(Gpus.First);

        Assert.Equal(SmallModel.Values(host.Parameters), SmallModel.Values(device.Parameters));
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void A_step_on_the_gpu_is_a_step_on_the_cpu(Precision precision)
    {
        Gpus.Require(1);
        // Products of TF32 or 16-bit inputs carry 10, 8 and 11 bits; sums over 128 terms lose little more.
        var tolerance = precision == Precision.Fp32 ? 1e-3 : 2e-2;
        var (loss, gradients, parameters) = Step(torch.CPU, Precision.Fp32);

        var (deviceLoss, deviceGradients, deviceParameters) = Step(Gpus.First, precision);

        Assert.Equal(loss, deviceLoss, tolerance);
        Assert.InRange(SmallModel.Difference(gradients, deviceGradients), 0, 3 * tolerance);
        Assert.InRange(SmallModel.Difference(parameters, deviceParameters), 0, tolerance);
    }

    [Fact]
    public void Recomputing_a_block_drops_the_same_values_again()
    {
        Gpus.Require(1);
        using var model = SmallModel.New(Gpus.First, dropout: 0.1);
        using var optimiser = new AdamW(model, new AdamWOptions());
        using var ids_BT = SmallModel.Batch(Gpus.First);

        var losses = new List<double>();
        var gradients = new List<float[]>();
        foreach (var recompute in new[] { false, true })
        {
            optimiser.ZeroGradients();
            losses.Add(model.ForwardBackward(ids_BT, new MicroBatch(1, Precision.Fp32, DropoutSeed: 9, recompute)));
            gradients.Add(SmallModel.Values(model.Gradients));
        }

        // Attention and the embedding add up in an order that the device chooses: equal but for the last digits.
        Assert.Equal(losses[0], losses[1], 1e-6);
        Assert.InRange(SmallModel.Difference(gradients[0], gradients[1]), 0, 1e-5);
    }

    [Fact]
    public void The_fused_optimiser_and_the_norm_agree_with_the_cpu()
    {
        Gpus.Require(1);
        using var host = SmallModel.New(torch.CPU);
        using var device = SmallModel.New(Gpus.First);
        using var hostOptimiser = new AdamW(host, new AdamWOptions());
        using var deviceOptimiser = new AdamW(device, new AdamWOptions());
        using var ids_BT = SmallModel.Batch(torch.CPU);
        _ = host.ForwardBackward(ids_BT, new MicroBatch(1, Precision.Fp32, 0, Recompute: false));
        using (torch.no_grad())
        {
            device.Gradients.copy_(host.Gradients);
        }

        Assert.Equal(hostOptimiser.GradientNorm(), deviceOptimiser.GradientNorm(), 1e-9);
        for (var step = 0; step < 3; step++)
        {
            hostOptimiser.Step(LearningRate);
            deviceOptimiser.Step(LearningRate);
        }

        var difference = SmallModel.Difference(
            SmallModel.Values(host.Parameters),
            SmallModel.Values(device.Parameters)
        );
        Assert.InRange(difference, 0, 1e-6);
    }

    [Fact]
    public void Greedy_text_is_the_same_on_the_gpu()
    {
        Gpus.Require(1);
        using var host = SmallModel.New(torch.CPU);
        using var device = SmallModel.New(Gpus.First);
        var options = new GenerationOptions { MaxNewTokens = 16, Greedy = true };

        var expected = new Generator(host).Generate([1, 2, 3], options, TestContext.Current.CancellationToken);
        var actual = new Generator(device).Generate([1, 2, 3], options, TestContext.Current.CancellationToken);

        Assert.Equal(expected.Completions[0].Ids, actual.Completions[0].Ids);
    }

    private static (double Loss, float[] Gradients, float[] Parameters) Step(torch.Device device, Precision precision)
    {
        using var model = SmallModel.New(device);
        using var optimiser = new AdamW(model, new AdamWOptions());
        using var ids_BT = SmallModel.Batch(device);
        var loss = model.ForwardBackward(ids_BT, new MicroBatch(1, precision, DropoutSeed: 0, Recompute: false));
        optimiser.Step(LearningRate);
        return (loss, SmallModel.Values(model.Gradients), SmallModel.Values(model.Parameters));
    }
}
