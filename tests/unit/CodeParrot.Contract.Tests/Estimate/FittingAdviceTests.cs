using CodeParrot.Contract.Estimate;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Tests.Manifest;

namespace CodeParrot.Contract.Tests.Estimate;

public sealed class FittingAdviceTests
{
    private const long Gibi = 1 << 30;

    [Fact]
    public void Names_every_change_that_needs_less_with_its_memory()
    {
        var lines = Advice(limit: null, "training.precision=Fp32", "workers.count=4");

        Assert.Equal(
            [
                "training.gradientCheckpointing",
                "training.precision",
                "training.optimizerSharding",
                "all of",
                "batchSize 1",
            ],
            lines
                .Select(l => l.Split(": ")[0])
                .Select(l =>
                    l.Length > 30 ? l[..11]
                    : l == "all of these" ? "all of"
                    : l
                )
        );
        Assert.All(lines, l => Assert.Matches(@"about \d+\.\d GiB a rank", l));
    }

    [Fact]
    public void Keeps_the_step_when_the_micro_batch_shrinks()
    {
        Assert.Contains(
            Advice(limit: null, "training.batchSize=12", "training.gradientAccumulation=3"),
            l => l.StartsWith("batchSize 1 with gradientAccumulation 36,", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Says_what_fits_into_the_memory_that_there_is()
    {
        var lines = Advice(limit: 10 * Gibi, "training.precision=Fp32", "training.batchSize=12");

        Assert.Contains(lines, l => l.StartsWith("training.gradientCheckpointing", StringComparison.Ordinal));
        Assert.All(lines, l => Assert.Matches("which fits$|which is still too much$", l));
        Assert.Contains(lines, l => l.EndsWith("which fits", StringComparison.Ordinal));
    }

    [Fact]
    public void Has_nothing_to_say_where_nothing_is_left_to_save()
    {
        Assert.Empty(
            Advice(
                limit: null,
                "training.precision=Bf16",
                "training.gradientCheckpointing=true",
                "training.batchSize=1"
            )
        );
    }

    private static IReadOnlyList<string> Advice(long? limit, params string[] overrides)
    {
        var spec = SpecResolver.Resolve(Manifests.Read(Manifests.Good, overrides)).Spec;
        return FittingAdvice.Of(spec, SpecResolver.Shape(spec)!, limit);
    }
}
