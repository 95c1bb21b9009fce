using CodeParrot.Contract.Estimate;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Tests.Manifest;

namespace CodeParrot.Contract.Tests.Estimate;

public sealed class RunEstimateTests
{
    // The book's models at its vocabulary of 32,768: 111.0M and 1529.6M.
    [Theory]
    [InlineData("gpt2", 111_008_256)]
    [InlineData("gpt2-xl", 1_529_628_800)]
    public void Counts_the_parameters_of_the_presets(string preset, long parameters)
    {
        var estimate = Estimate("model.preset=" + preset);

        Assert.Equal(parameters, estimate.ParameterCount);
        Assert.Equal(12 * parameters, estimate.CheckpointBytes);
        Assert.Equal(16 * parameters, estimate.StateBytes);
    }

    [Fact]
    public void Multiplies_batch_accumulation_ranks_context_and_steps()
    {
        var estimate = Estimate(
            "training.batchSize=2",
            "training.gradientAccumulation=3",
            "workers.count=4",
            "model.contextLength=128",
            "training.maxSteps=10"
        );

        Assert.Equal(24, estimate.SequencesPerStep);
        Assert.Equal(24 * 128, estimate.TokensPerStep);
        Assert.Equal(24 * 128 * 10, estimate.Tokens);
    }

    [Fact]
    public void Checkpointing_and_short_numbers_save_activation_memory()
    {
        var full = Estimate("training.precision=Fp32").ActivationBytes;
        var half = Estimate("training.precision=Bf16").ActivationBytes;
        var recomputed = Estimate("training.precision=Bf16", "training.gradientCheckpointing=true").ActivationBytes;

        Assert.True(half < full && recomputed < half / 2);
    }

    [Fact]
    public void Sharding_divides_the_moments_by_the_ranks()
    {
        var sharded = Estimate("model.preset=gpt2-xl", "workers.count=16", "training.optimizerSharding=true");

        Assert.Equal((8L * 1_529_628_800) + (8 * 1_529_628_800L / 16), sharded.StateBytes);
        Assert.Equal(12L * 1_529_628_800, sharded.CheckpointBytes);
    }

    [Fact]
    public void Does_not_overflow_for_the_largest_runs()
    {
        var estimate = Estimate("model.preset=gpt2-xl", "workers.count=4096", "training.maxSteps=2000000");

        Assert.Equal(4096L * 12 * 1024 * 2_000_000, estimate.Tokens);
    }

    private static RunEstimate Estimate(params string[] overrides)
    {
        var spec = SpecResolver.Resolve(Manifests.Read(Manifests.Good, overrides)).Spec;
        return RunEstimate.Of(spec, SpecResolver.Shape(spec)!);
    }
}
