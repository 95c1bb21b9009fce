using CodeParrot.Contract.Spec;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Training.Tests.Engine;

public class ComputedPrecisionTests
{
    // Rank 0's word counts: a step means the same on all ranks, whatever machines they run on.
    [Theory]
    [InlineData(1, false, Precision.Fp32)]
    [InlineData(2, false, Precision.Fp32)]
    [InlineData(1, true, Precision.Bf16)]
    [InlineData(2, true, Precision.Bf16)]
    public void Bf16_is_computed_in_fp32_where_that_is_faster(int worldSize, bool isFast, Precision computed)
    {
        using var expected = RunOf(computed);
        expected.Train(worldSize: worldSize);
        using var run = RunOf(Precision.Bf16);

        run.Train(
            worldSize: worldSize,
            change: context => context with { HasFastBf16 = context.Group.Rank == 0 ? isFast : !isFast }
        );

        Assert.Equal(expected.ComparableMetrics(), run.ComparableMetrics());
        Assert.Equal(isFast ? 0 : 1, run.Observer.Informations.Count(line => line.Contains("computed in Fp32")));
        Assert.Empty(run.Observer.Warnings);
    }

    [Fact]
    public void The_formats_differ()
    {
        using var fp32 = RunOf(Precision.Fp32);
        using var bf16 = RunOf(Precision.Bf16);
        fp32.Train();
        bf16.Train();

        Assert.NotEqual(fp32.ComparableMetrics(), bf16.ComparableMetrics());
    }

    [Fact]
    public void A_resume_on_another_kind_of_processor_is_said_not_to_be_bit_identical()
    {
        using var run = RunOf(Precision.Bf16);
        run.Train(stopAfter: 2);

        run.Train(attempt: 2, change: context => context with { HasFastBf16 = false });

        Assert.Contains("precision Bf16 before, Fp32 now", Assert.Single(run.Observer.Warnings));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gpus_may_compute_tf32_only_where_the_spec_says_so(bool isAllowed)
    {
        using var run = RunOf(Precision.Fp32);
        run.Spec = run.Spec with { Training = run.Spec.Training with { Tf32 = isAllowed } };
        torch.backends.cuda.matmul.allow_tf32 = !isAllowed;
        torch.backends.cudnn.allow_tf32 = !isAllowed;

        run.Train(stopAfter: 1);

        // Torch's own switches, which are there without a GPU too.
        Assert.Equal(isAllowed, torch.backends.cuda.matmul.allow_tf32);
        Assert.Equal(isAllowed, torch.backends.cudnn.allow_tf32);
    }

    private static TestRun RunOf(Precision precision)
    {
        var run = new TestRun();
        run.Spec = run.Spec with { Training = run.Spec.Training with { Precision = precision } };
        return run;
    }
}
