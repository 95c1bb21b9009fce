using CodeParrot.Contract.Spec;
using CodeParrot.Training.Data;

namespace CodeParrot.Training.Tests.Data;

public class SampleOrderTests
{
    [Fact]
    public void Streamed_samples_are_mixed_within_windows()
    {
        var order = new SampleOrder(DataOrder.Streamed, seed: 1, sequenceCount: 50);
        var windows = Enumerable
            .Range(0, 4)
            .Select(window => Enumerable.Range(window * 50, 50).Select(sample => order.SequenceAt(sample)).ToArray())
            .ToList();

        Assert.All(
            windows.Index(),
            pair => Assert.Equal(Enumerable.Range(pair.Index * 50, 50).Select(i => (long)i), pair.Item.Order())
        );
        Assert.Equal(
            4,
            windows.Select((ids, window) => string.Join(' ', ids.Select(id => id - (window * 50)))).Distinct().Count()
        );
        Assert.NotEqual(windows[0].Order(), windows[0]);
    }

    [Fact]
    public void Each_epoch_takes_every_sequence_once_in_an_order_of_its_own()
    {
        var order = new SampleOrder(DataOrder.Shuffled, seed: 1, sequenceCount: 50);

        var first = Samples(order, 0, 50);
        var second = Samples(order, 50, 50);

        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), first.Order());
        Assert.Equal(first.Order(), second.Order());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Order_depends_on_the_seed_and_on_nothing_else()
    {
        var samples = Samples(new SampleOrder(DataOrder.Shuffled, 1, 50), 0, 120);

        // Asked from the middle of an epoch, as a resume does, and backwards.
        var resumed = new SampleOrder(DataOrder.Shuffled, 1, 50);
        Assert.Equal(samples[75], resumed.SequenceAt(75));
        Assert.Equal(samples[10], resumed.SequenceAt(10));
        Assert.NotEqual(samples, Samples(new SampleOrder(DataOrder.Shuffled, 2, 50), 0, 120));
    }

    [Fact]
    public void Sequential_order_is_the_corpus_again_and_again()
    {
        var order = new SampleOrder(DataOrder.Sequential, seed: 1, sequenceCount: 3);

        Assert.Equal([0, 1, 2, 0, 1, 2, 0], Samples(order, 0, 7));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void Ranks_divide_a_step_without_gap_or_overlap_at_any_world_size(int worldSize)
    {
        var plan = new StepPlan(MicroBatchCount: 6, BatchSize: 2);

        var taken = Enumerable
            .Range(0, worldSize)
            .SelectMany(rank => plan.MicroBatchesOf(rank, worldSize))
            .Select(microBatch => plan.FirstSampleOf(dataStep: 5, microBatch));

        Assert.Equal([60, 62, 64, 66, 68, 70], taken.Order());
    }

    [Fact]
    public void No_two_micro_batches_share_a_dropout_seed()
    {
        var seeds =
            from run in new long[] { 1, 2 }
            from step in Enumerable.Range(0, 20)
            from microBatch in Enumerable.Range(0, 20)
            select StepPlan.DropoutSeedOf(run, step, microBatch);

        Assert.Equal(800, seeds.Distinct().Count());
    }

    private static List<long> Samples(SampleOrder order, long first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => order.SequenceAt(first + i))];
}
