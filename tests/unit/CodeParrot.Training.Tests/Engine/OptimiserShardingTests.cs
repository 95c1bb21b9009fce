using CodeParrot.Contract.Spec;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class OptimiserShardingTests
{
    private static readonly string[] StateFiles = ["model.safetensors", "optimizer.safetensors"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sharded_and_unsharded_ranks_give_the_same_bits(int worldSize)
    {
        using var unsharded = RunOf(isSharded: false);
        using var sharded = RunOf(isSharded: true);

        unsharded.Train(worldSize: worldSize);
        sharded.Train(worldSize: worldSize);

        AssertSameBits(unsharded, 1, sharded, 1);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_run_goes_on_bit_for_bit_when_sharding_is_switched(bool before, bool after)
    {
        using var undisturbed = RunOf(isSharded: before);
        using var switched = RunOf(isSharded: before);
        undisturbed.Train(worldSize: 2);

        switched.Train(attempt: 1, worldSize: 2, stopAfter: 3);
        switched.Spec = Sharded(switched.Spec, after);
        switched.Train(attempt: 2, worldSize: 2);

        AssertSameBits(undisturbed, 1, switched, 2);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 3)]
    public void A_checkpoint_of_sharded_ranks_fits_any_number_of_them(int before, int after)
    {
        using var sharded = RunOf(isSharded: true);
        using var unsharded = RunOf(isSharded: false);

        foreach (var run in new[] { sharded, unsharded })
        {
            run.Train(attempt: 1, worldSize: before, stopAfter: 3);
            run.Train(attempt: 2, worldSize: after);
        }

        AssertSameBits(unsharded, 2, sharded, 2);
    }

    private static void AssertSameBits(TestRun expected, int expectedAttempt, TestRun actual, int actualAttempt)
    {
        Assert.Equal(TestRun.MaxSteps, actual.Metrics().Count);
        Assert.Equal(expected.ComparableMetrics(), actual.ComparableMetrics());
        foreach (var file in StateFiles)
        {
            var want = expected.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000006-a{expectedAttempt}/{file}");
            var got = actual.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000006-a{actualAttempt}/{file}");
            Assert.True(want.AsSpan().SequenceEqual(got), $"{file} differs");
        }
    }

    // Large enough for three buckets, and clipped at every step, so that the norm counts.
    private static TestRun RunOf(bool isSharded)
    {
        var run = new TestRun();
        run.Spec = Sharded(run.Spec, isSharded) with { Model = run.Spec.Model with { Width = 300, Layers = 2 } };
        return run;
    }

    private static RunSpec Sharded(RunSpec spec, bool isSharded) =>
        spec with
        {
            Training = spec.Training with { OptimizerSharding = isSharded, GradientClip = 0.01 },
        };
}
