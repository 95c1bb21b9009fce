namespace CodeParrot.Model.Tests.Memory;

public class RecomputationMemoryTests
{
    // What the issue asks of a model of 12 layers, weights and gradients included.
    private const double LargestShare = 0.45;

    [Fact]
    public async Task Recomputing_blocks_takes_less_than_half_of_the_memory_for_the_same_gradients()
    {
        var kept = await MemoryProbe.MeasureAsync(width: 128, recompute: false);
        var recomputed = await MemoryProbe.MeasureAsync(width: 128, recompute: true);

        Assert.Equal(kept.Gradients, recomputed.Gradients);
        var share = (double)recomputed.PeakBytes / kept.PeakBytes;
        Assert.True(share <= LargestShare, $"{recomputed.PeakBytes >> 20} of {kept.PeakBytes >> 20} MiB: {share:p0}");
    }
}
