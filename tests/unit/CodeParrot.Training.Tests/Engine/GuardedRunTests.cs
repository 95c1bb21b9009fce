using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Model;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Model.Native;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class GuardedRunTests
{
    // A run whose norm is a spike wherever it is above the mean of the window: spikes without waiting for one.
    private static readonly SpikesSpec Touchy = new()
    {
        WindowSteps = 16,
        LossZScore = 0,
        GradientNormZScore = 1e-6,
        Patience = 2,
    };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public void Steps_that_are_no_numbers_are_skipped_and_then_end_all_ranks_alike(int maxBadSteps, int worldSize)
    {
        using var run = new TestRun();
        run.Spec = run.Spec with
        {
            Training = run.Spec.Training with
            {
                LearningRate = 1e30,
                GradientClip = 0,
                MaxSteps = 20,
                Guards = new GuardsSpec { MaxBadSteps = maxBadSteps },
            },
            Checkpoints = new CheckpointsSpec { EverySteps = 1 },
            Evaluation = new EvaluationSpec { EverySteps = 0 },
        };

        var ends = run.Catch(worldSize, context => context);

        var first = Assert.IsType<DivergedException>(ends[0]);
        Assert.All(ends, e => Assert.Equal(first.Step, Assert.IsType<DivergedException>(e).Step));
        Assert.Equal(ExitCode.Diverged, ExitCodes.Of(first));
        Assert.Contains("Roll back", first.Message);
        Assert.Equal(maxBadSteps - 1, run.Observer.Warnings.Count(w => w.Contains("is skipped: loss NaN")));
        // The last checkpoint is of the last step whose loss was a number, and none was made of the weights since.
        var last = first.Step - maxBadSteps;
        var made = run.Keys($"{TestRun.RunPrefix}/branches/b1").Where(k => k.EndsWith("/manifest.json")).ToList();
        Assert.Contains($"step-{last:D9}-a1", made[^1]);
    }

    [Fact]
    public void A_run_does_not_end_well_with_weights_that_may_be_broken()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with
        {
            Training = run.Spec.Training with { LearningRate = 1e30, GradientClip = 0, MaxSteps = 4 },
            Evaluation = new EvaluationSpec { EverySteps = 0 },
        };

        Assert.Equal(4, Assert.Throws<DivergedException>(() => run.Train()).Step);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Spikes_in_a_row_ask_to_go_back_and_to_leave_the_data_out(int worldSize)
    {
        using var run = RunWith(SpikeAction.RollBack);

        var ends = run.Catch(worldSize, context => context);

        var first = Assert.IsType<LossSpikeException>(ends[0]);
        Assert.All(
            ends.Cast<LossSpikeException>(),
            e => Assert.Equal((first.Step, first.Checkpoint, first.SkipSteps), (e.Step, e.Checkpoint, e.SkipSteps))
        );
        Assert.Equal(ExitCode.Diverged, ExitCodes.Of(first));
        var step = (first.Step - 1) / 5 * 5;
        Assert.Equal($"b1/step-{step:D9}-a1", first.Checkpoint);
        Assert.Equal(first.Step - step, first.SkipSteps);

        // What it asks for, done: training goes on from the checkpoint with the data behind the spike.
        var back = run.Train(
            attempt: 2,
            stopAfter: step + 1,
            change: c => c with { Branch = "b2", StartFrom = first.Checkpoint, SkipSteps = (int)first.SkipSteps }
        );
        Assert.Equal((step + 1, $"b2/step-{step + 1:D9}-a2"), (back.Step, back.Checkpoint));
        var manifest = System.Text.Encoding.UTF8.GetString(
            run.Bytes($"{TestRun.RunPrefix}/branches/{back.Checkpoint}/manifest.json")
        );
        Assert.Contains($"\"dataStep\": {first.Step + 1}", manifest);
    }

    [Fact]
    public void Without_a_checkpoint_there_is_nothing_to_go_back_to()
    {
        using var run = RunWith(SpikeAction.RollBack);
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 1000 } };

        var result = run.Train();

        Assert.Equal(TrainingOutcome.Finished, result.Outcome);
        Assert.Contains(run.Observer.Warnings, w => w.Contains("no checkpoint yet to go back to"));
    }

    [Theory]
    [InlineData(17)]
    [InlineData(25)]
    public void Resuming_a_run_with_skipped_steps_gives_the_same_bits(int stop)
    {
        using var undisturbed = RunWith(SpikeAction.Skip);
        undisturbed.Train();
        using var run = RunWith(SpikeAction.Skip);

        run.Train(attempt: 1, stopAfter: stop);
        run.Train(attempt: 2);

        Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
        Assert.DoesNotContain("\"skipped_steps\":0", run.ComparableMetrics()[^1]);
        foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
        {
            var expected = undisturbed.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000030-a1/{file}");
            Assert.Equal(expected, run.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000030-a2/{file}"));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fp16_learns_as_fp32_does_with_its_loss_scaled(int worldSize)
    {
        using var reference = FixedRate(Contract.Spec.Precision.Fp32);
        var expected = reference.Train(worldSize: worldSize);
        using var run = FixedRate(Contract.Spec.Precision.Fp16);

        var result = run.Train(worldSize: worldSize);

        // Rounding to eleven bits moves a loss of some four nats in its third digit.
        Assert.Equal(expected.Loss!.Value, result.Loss!.Value, 0.05);
        Assert.Contains("\"loss_scale\":65536,", run.Metrics()[^1]);
        Assert.Equal(0, run.Observer.Steps.Count(s => !double.IsFinite(s.GradientNorm)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_overflow_of_fp16_is_skipped_with_half_the_scale_and_the_run_goes_on(int worldSize)
    {
        using var undisturbed = Overflowing();
        undisturbed.Train(worldSize: worldSize);

        var scales = undisturbed.Rows("loss_scale");
        var skipped = undisturbed.Rows("skipped_steps");
        var overflows = (int)skipped[^1];
        Assert.InRange(overflows, 2, TestRun.MaxSteps - 2);
        var halvings = 0;
        for (var step = 0; step < TestRun.MaxSteps; step++)
        {
            var facts = undisturbed.Observer.Steps[step];
            halvings += facts.IsSkipped ? 1 : 0;
            Assert.Equal(LossScaler.InitialScale / (1 << halvings), scales[step]);
            Assert.Equal(halvings, skipped[step]);
            Assert.True(double.IsFinite(facts.Loss));
            Assert.Equal(facts.IsSkipped, !double.IsFinite(facts.GradientNorm));
        }
        Assert.True(undisturbed.Observer.Steps[0].IsSkipped);
        Assert.False(undisturbed.Observer.Steps[^1].IsSkipped);
        Assert.Empty(undisturbed.Observer.Warnings);
        Assert.Equal(overflows, undisturbed.Observer.Informations.Count(line => line.Contains("is skipped")));

        // A resume goes on with the scale, in the middle of the overflows and behind them.
        foreach (var stop in new[] { 1, overflows, overflows + 1 })
        {
            using var run = Overflowing();
            run.Train(attempt: 1, worldSize, stopAfter: stop);
            Assert.Equal(scales[stop - 1], run.Rows("loss_scale")[^1]);
            run.Train(attempt: 2, worldSize);
            Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
            var model = $"{TestRun.RunPrefix}/branches/b1/step-00000000{TestRun.MaxSteps}";
            Assert.Equal(
                undisturbed.Bytes($"{model}-a1/model.safetensors"),
                run.Bytes($"{model}-a2/model.safetensors")
            );
        }
    }

    // Weights so large that gradients of the scaled loss leave fp16's range, which ends at 65,504.
    private static TestRun Overflowing()
    {
        var run = FixedRate(Contract.Spec.Precision.Fp16);
        var folder = Path.Combine(run.Folder, "large");
        using var model = new Gpt2(
            new Gpt2Config
            {
                VocabularySize = TestRun.VocabularySize,
                ContextLength = TestRun.ContextLength,
                Width = 16,
                Heads = 2,
                Layers = 1,
                Dropout = 0,
            }
        );
        model.Initialise(seed: 1);
        foreach (ref var weight in LibTorch.Span<float>(model.Parameters, 0, TestRun.VocabularySize * 16))
        {
            weight *= 5000;
        }
        HuggingFaceFolder.Save(model, folder);
        run.Spec = run.Spec with
        {
            Model = new ModelSpec { From = folder, Dropout = 0 },
            Training = run.Spec.Training with { MaxSteps = TestRun.MaxSteps },
        };
        return run;
    }

    private static TestRun FixedRate(Contract.Spec.Precision precision)
    {
        var run = new TestRun();
        run.Spec = run.Spec with { Training = run.Spec.Training with { Precision = precision, MaxSteps = 30 } };
        return run;
    }

    private static TestRun RunWith(SpikeAction action)
    {
        var run = new TestRun();
        run.Spec = run.Spec with
        {
            Training = run.Spec.Training with
            {
                MaxSteps = 30,
                Guards = new GuardsSpec { Spikes = Touchy with { Action = action } },
            },
            Checkpoints = new CheckpointsSpec { EverySteps = 5 },
            Evaluation = new EvaluationSpec { EverySteps = 0 },
        };
        return run;
    }
}
