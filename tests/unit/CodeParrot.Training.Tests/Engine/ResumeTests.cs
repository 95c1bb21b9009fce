using CodeParrot.Contract.Spec;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class ResumeTests
{
    [Theory]
    [InlineData(1, 0.2, false, Precision.Fp32)]
    [InlineData(2, 0, false, Precision.Fp32)]
    [InlineData(2, 0, true, Precision.Fp32)]
    [InlineData(3, 0, true, Precision.Fp32)]
    [InlineData(1, 0.2, false, Precision.Bf16)]
    [InlineData(2, 0, true, Precision.Bf16)]
    [InlineData(2, 0, true, Precision.Fp16)]
    public void Stopping_at_any_step_and_resuming_gives_the_same_bits(
        int worldSize,
        double dropout,
        bool isSharded,
        Precision precision
    )
    {
        using var undisturbed = RunWith(dropout, isSharded, precision);
        undisturbed.Train(worldSize: worldSize);

        for (var stop = 1; stop < TestRun.MaxSteps; stop++)
        {
            using var run = RunWith(dropout, isSharded, precision);
            var stopped = run.Train(attempt: 1, worldSize, stopAfter: stop);
            var finished = run.Train(attempt: 2, worldSize);

            Assert.Equal((TrainingOutcome.Stopped, stop), (stopped.Outcome, (int)stopped.Step));
            Assert.Equal(TrainingOutcome.Finished, finished.Outcome);
            Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
            foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
            {
                var expected = undisturbed.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000006-a1/{file}");
                Assert.Equal(expected, run.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000006-a2/{file}"));
            }
        }
    }

    [Fact]
    public void A_finished_run_returns_at_once()
    {
        using var run = new TestRun();
        var first = run.Train();

        var again = run.Train(attempt: 2);

        Assert.Equal(first, again);
        Assert.Empty(run.Observer.Steps);
    }

    private static TestRun RunWith(double dropout, bool isSharded, Precision precision)
    {
        var run = new TestRun();
        run.Spec = run.Spec with
        {
            Model = run.Spec.Model with { Dropout = dropout },
            Training = run.Spec.Training with { OptimizerSharding = isSharded, Precision = precision },
        };
        return run;
    }
}
