using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model.Tests.Memory;

/// <summary>That a step of the model makes no object on the managed heap, on the thread that it runs on.</summary>
public class AllocationTests
{
    // The first steps make workspaces, and methods and statics of the runtime.
    private const int WarmUpSteps = 3;
    private const int Steps = 5;

    private static readonly bool[] OffAndOn = [false, true];

    public static MatrixTheoryData<Precision, double, bool, bool> Ways { get; } =
        new(Enum.GetValues<Precision>(), [0.0, 0.1], OffAndOn, OffAndOn);

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_step_allocates_nothing(Precision precision, double dropout, bool recompute, bool choosesTargets)
    {
        var config = TinyModel.Config with { Bidirectional = choosesTargets, ScaleAttentionByInverseLayer = true };
        using var model = TinyModel.New(dropout, config: config);
        // Several chunks, and cuts of which one has two parts on either side.
        model.HeadChunkRows = 7;
        using var optimiser = new AdamW(model, new AdamWOptions(), [new(0, 100), new(150, 4000), new(5000, 300)]);
        using var ids_BT = TinyModel.Batch();
        using var positions_N = torch.tensor(new long[] { 1, 5, 17, 40 });
        using var targets_N = torch.tensor(new long[] { 3, 60, 0, 9 });
        var batch = choosesTargets ? new TokenBatch(ids_BT, positions_N, targets_N) : TokenBatch.NextToken(ids_BT);
        var micro = TinyModel.Micro(precision: precision, recompute: recompute);
        using var loss = torch.zeros(1, torch.float64);
        var readiness = new List<ParameterRange>(100);
        Action<ParameterRange> gradientReady = readiness.Add;
        var (losses, allocated) = (new double[1], 0L);

        for (var step = -WarmUpSteps; step < Steps; step++)
        {
            allocated = step == 0 ? GC.GetAllocatedBytesForCurrentThread() : allocated;
            readiness.Clear();
            optimiser.ZeroGradients();
            model.Accumulate(batch, micro, loss);
            model.Accumulate(batch, micro, loss, gradientReady);
            HostRead.CopyTo(loss, losses.AsSpan());
            optimiser.Step(1e-3, AdamW.ClipFactor(optimiser.GradientNorm(), 0.1));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.InRange(losses[0], 1, 10);
        Assert.Equal(2 + 2 * config.Layers, readiness.Count);
    }

    [Fact]
    public void Evaluation_allocates_nothing()
    {
        using var model = TinyModel.New();
        using var ids_BT = TinyModel.Batch();
        _ = model.Loss(ids_BT, Precision.Bf16) + model.Loss(ids_BT);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var loss = model.Loss(ids_BT);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(loss, 1, 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_norm_of_many_chunks_allocates_nothing_on_any_thread(int threads)
    {
        using var values = torch.ones(5_000_000);
        var norm = new FlatNorm(values, [new(0, 7), new(7, 5_000_000 - 7)]);
        torch.set_num_threads(threads);
        try
        {
            // A thread of torch becomes known to the runtime when it first measures.
            _ = norm.SumOfSquares() + norm.SumOfSquares();
            var (least, sum) = (long.MaxValue, 0.0);
            for (var i = 0; i < 5; i++)
            {
                // The test host itself allocates now and then.
                var before = GC.GetTotalAllocatedBytes(precise: true);
                sum += norm.SumOfSquares();
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            Assert.Equal((0, 25_000_000), (least, sum));
        }
        finally
        {
            torch.set_num_threads(1);
        }
    }
}
