using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Training.Tests.Engine;

/// <summary>What a step of a whole run, with everything around it, takes once it has found its level.</summary>
public class SteadyStateTests
{
    private const int Steps = 300;
    private const int FirstStep = 100;
    private const int MiddleStep = 200;

    // Every tensor of TorchSharp is an object on the heap, some 150 bytes with its place in a scope: what a model of
    // one block makes and drops in two micro-batches. Batches, gradients, moments and records are not among it.
    private const double MostBytesPerStep = 64 * 1024;

    [Theory]
    [InlineData(1, Precision.Fp32)]
    [InlineData(2, Precision.Fp32)]
    [InlineData(2, Precision.Bf16)]
    public void A_late_step_allocates_no_more_than_an_early_one(int worldSize, Precision precision)
    {
        var watch = Train(worldSize, precision);

        var early = BytesPerStep(FirstStep, MiddleStep);
        var late = BytesPerStep(MiddleStep, Steps - 1);
        Assert.InRange(early, 0, MostBytesPerStep);
        Assert.InRange(late, 0, early * 1.1);

        double BytesPerStep(int from, int to) => (double)(watch.Bytes[to] - watch.Bytes[from]) / (to - from);
    }

    // With one rank alone: another one in this process would be in the middle of its step.
    [Fact]
    public void No_step_leaves_a_tensor_behind()
    {
        var watch = Train(worldSize: 1, Precision.Fp32);

        Assert.Single(watch.Tensors[FirstStep..Steps].Distinct());
    }

    private static Watch Train(int worldSize, Precision precision)
    {
        using var run = new TestRun();
        run.Spec = run.Spec with
        {
            Model = run.Spec.Model with { Dropout = 0.1 },
            Training = run.Spec.Training with { MaxSteps = Steps, GradientClip = 0.1, Precision = precision },
            Evaluation = new EvaluationSpec { EverySteps = 0 },
            // The first checkpoint makes the copy's memory, and each has work of its own.
            Checkpoints = new CheckpointsSpec { EverySteps = 10 * Steps },
        };
        var watch = new Watch();
        run.Train(
            worldSize: worldSize,
            change: context =>
                context.Group.Rank == 0
                    ? context with
                    {
                        Observer = watch,
                        StopRequested = static () => false,
                    }
                    : context
        );
        return watch;
    }

    // Only what the training thread allocates: test runners work beside it.
    private sealed class Watch : ITrainingObserver
    {
        public long[] Bytes { get; } = new long[Steps + 1];

        public long[] Tensors { get; } = new long[Steps + 1];

        public void StepFinished(in StepFacts facts)
        {
            Bytes[facts.Step] = GC.GetAllocatedBytesForCurrentThread();
            Tensors[facts.Step] = torch.Tensor.TotalCount;
        }

        public void Progress(RunProgress progress) { }

        public void Information(string message) { }

        public void Warning(string message) { }

        public void Summary(AttemptSummary summary) { }

        public void CheckpointCommitted(CheckpointSummary checkpoint) { }
    }
}
