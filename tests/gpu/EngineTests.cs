using System.Text.Json.Nodes;
using CodeParrot.Training;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Gpu.Tests;

/// <summary>Whole runs on devices: data, steps, checkpoints, resume, ranks.</summary>
public sealed class EngineTests
{
    [Fact]
    public void A_run_has_the_losses_that_it_has_on_the_cpu()
    {
        Gpus.Require(1);
        using var host = new TestRun();
        using var device = new TestRun();

        host.Train();
        device.Train(change: OnItsGpu);

        AssertNear(Losses(host), Losses(device), 1e-3);
    }

    [Fact]
    public void A_run_goes_on_from_its_checkpoint_as_if_it_had_not_stopped()
    {
        Gpus.Require(1);
        using var whole = new TestRun();
        using var stopped = new TestRun();

        whole.Train(change: OnItsGpu);
        stopped.Train(stopAfter: 3, change: OnItsGpu);
        stopped.Train(attempt: 2, change: OnItsGpu);

        AssertNear(Losses(whole), Losses(stopped), 1e-5);
    }

    [Fact]
    public void A_checkpoint_of_a_gpu_is_gone_on_from_on_the_cpu()
    {
        Gpus.Require(1);
        using var whole = new TestRun();
        using var moved = new TestRun();

        whole.Train();
        moved.Train(stopAfter: 3, change: OnItsGpu);
        moved.Train(attempt: 2);

        AssertNear(Losses(whole), Losses(moved), 1e-3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_gpus_have_the_losses_of_one(bool isSharded)
    {
        Gpus.Require(2);
        using var one = new TestRun();
        using var two = new TestRun();
        foreach (var run in new[] { one, two })
        {
            run.Spec = run.Spec with { Training = run.Spec.Training with { OptimizerSharding = isSharded } };
        }

        one.Train(change: OnItsGpu);
        two.Train(worldSize: 2, change: OnItsGpu);

        AssertNear(Losses(one), Losses(two), 1e-4);
    }

    private static TrainingContext OnItsGpu(TrainingContext context) =>
        context with
        {
            CudaDevice = context.Group.Rank,
        };

    private static double[] Losses(TestRun run) =>
        [.. run.Metrics().Select(line => JsonNode.Parse(line)!["loss"]!.GetValue<double>())];

    private static void AssertNear(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(TestRun.MaxSteps, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
