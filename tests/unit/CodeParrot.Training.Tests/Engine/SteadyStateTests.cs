using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Model.Native;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Training.Tests.Engine;

/// <summary>What a step of a whole run, with everything around it, takes once it has found its level.</summary>
public class SteadyStateTests
{
    private const int Steps = 120;
    private const int FirstStep = 60;

    // A rank says five times a second how far it is: an immutable record with one of the rank in it.
    private const long MostBytesOfReport = 4096;

    // Ranks, precision, dropout, recomputation, micro-batches a rank and step, sharded optimiser, objective.
    public static TheoryData<int, Precision, double, bool, int, bool, Objective> Ways { get; } =
        new()
        {
            { 1, Precision.Fp32, 0, false, 1, false, Objective.CausalLm },
            { 1, Precision.Fp32, 0.1, true, 2, false, Objective.CausalLm },
            { 1, Precision.Bf16, 0.1, false, 2, false, Objective.CausalLm },
            { 1, Precision.Fp16, 0.1, true, 2, false, Objective.CausalLm },
            { 1, Precision.Fp32, 0.1, false, 2, false, Objective.MaskedLm },
            { 1, Precision.Bf16, 0.1, true, 1, false, Objective.SpanCorruption },
            { 2, Precision.Fp32, 0.1, false, 2, false, Objective.CausalLm },
            { 2, Precision.Fp32, 0, true, 2, true, Objective.CausalLm },
            { 2, Precision.Bf16, 0.1, true, 1, true, Objective.CausalLm },
            { 2, Precision.Fp16, 0, false, 2, false, Objective.MaskedLm },
        };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_step_allocates_nothing(
        int worldSize,
        Precision precision,
        double dropout,
        bool recompute,
        int accumulation,
        bool sharded,
        Objective objective
    )
    {
        using var run = new TestRun(kind: TokenKind.Documents);
        var spec = run.Spec.Training with
        {
            Precision = precision,
            GradientCheckpointing = recompute,
            GradientAccumulation = accumulation,
            OptimizerSharding = sharded,
            Objective = objective,
        };

        var watch = Train(run, worldSize, spec, dropout);

        Assert.All(watch.StepBytes[FirstStep..], bytes => Assert.Equal(0, bytes));
        Assert.InRange(watch.LargestReportBytes, 0, MostBytesOfReport);
    }

    // With one rank alone: another one in this process would be in the middle of its step.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_step_leaves_a_tensor_behind(bool recompute)
    {
        using var run = new TestRun();
        var watch = Train(run, 1, run.Spec.Training with { GradientCheckpointing = recompute }, dropout: 0.1);

        Assert.Single(watch.Tensors[FirstStep..Steps].Distinct());
    }

    private static Watch Train(TestRun run, int worldSize, TrainingSpec training, double dropout)
    {
        run.Spec = run.Spec with
        {
            Model = run.Spec.Model with { Dropout = dropout },
            Training = training with { MaxSteps = Steps, GradientClip = 0.1 },
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
        private long _from;
        private long _told;

        /// <summary>Live tensors after each step: objects of TorchSharp, and bare handles.</summary>
        public (long Objects, long Handles)[] Tensors { get; } = new (long, long)[Steps + 1];

        /// <summary>What each step allocated, without what telling of the one before did.</summary>
        public long[] StepBytes { get; } = new long[Steps + 1];

        /// <summary>The most that was allocated for telling of a step.</summary>
        public long LargestReportBytes { get; private set; }

        public void StepFinished(in StepFacts facts)
        {
            StepBytes[facts.Step] = Allocated();
            Tensors[facts.Step] = (torch.Tensor.TotalCount, LibTorch.LiveTensors);
        }

        // The engine tells the observer of a step, and then, if it is time, of its progress.
        public void Progress(RunProgress progress)
        {
            var allocated = Allocated();
            if (progress.Step is > FirstStep and < Steps && progress.Step > _told)
            {
                LargestReportBytes = Math.Max(LargestReportBytes, allocated);
                _told = progress.Step;
            }
        }

        public void Information(string message) { }

        public void Warning(string message) { }

        public void Summary(AttemptSummary summary) { }

        public void CheckpointCommitted(CheckpointSummary checkpoint) { }

        private long Allocated()
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            var allocated = _from == 0 ? 0 : now - _from;
            _from = now;
            return allocated;
        }
    }
}
