using CodeParrot.Contract.Spec;
using CodeParrot.Model;
using CodeParrot.Model.Native;
using CodeParrot.Training.Data;
using CodeParrot.Training.Objectives;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Training.Tests.Data;

public sealed class BatchFeedTests : IDisposable
{
    private const int Time = 4;
    private const int SequenceCount = 23;
    private static readonly StepPlan Plan = new(MicroBatchCount: 4, BatchSize: 2);

    private readonly InventedCorpus _corpus = InventedCorpus.New(SequenceCount, Time);

    public void Dispose() => _corpus.Dispose();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void Batches_are_those_of_the_order_over_epochs(int rank, int worldSize)
    {
        int[] mine = [.. Plan.MicroBatchesOf(rank, worldSize)];
        using var feed = NewFeed(mine);

        for (var step = 0L; step < 9; step++)
        {
            for (var position = 0; position < mine.Length; position++)
            {
                Assert.Equal(Expected(step, mine[position]), Ids(feed.Next(step, position)));
            }
        }
    }

    [Fact]
    public void A_batch_stays_as_it_is_until_the_next_is_asked_for()
    {
        using var feed = NewFeed([0]);
        for (var step = 0L; step < 20; step++)
        {
            var batch = feed.Next(step, 0);
            // Long enough for the thread to read ahead as far as it may.
            Thread.Sleep(1);

            Assert.Equal(Expected(step, 0), Ids(batch));
        }
    }

    [Fact]
    public void A_jump_is_followed_whatever_was_read_ahead()
    {
        using var feed = NewFeed([1, 3]);
        var random = new Random(4);
        for (var i = 0; i < 200; i++)
        {
            var (step, position) = ((long)random.Next(5), random.Next(2));

            Assert.Equal(Expected(step, position == 0 ? 1 : 3), Ids(feed.Next(step, position)));
        }
    }

    [Fact]
    public void A_jump_waits_for_the_read_that_is_under_way()
    {
        using var objective = new GatedObjective(Time);
        using var feed = NewFeed([0], objective: objective);
        _ = feed.Next(0, 0);
        // The three slots are full before the gate closes; the slot that the next call frees is then read half-way.
        SpinWait.SpinUntil(() => objective.ReadCount == BatchFeed.SlotCount * Plan.BatchSize);
        objective.Gate.Reset();
        _ = feed.Next(1, 0);
        objective.IsWaiting.Wait(TestContext.Current.CancellationToken);

        long[]? ids = null;
        var jump = new Thread(() => ids = Ids(feed.Next(7, 0)));
        jump.Start();
        SpinWait.SpinUntil(() => jump.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
        objective.Gate.Set();
        jump.Join();

        Assert.Equal(Expected(7, 0), ids);
    }

    [Fact]
    public void A_resume_begins_at_any_step()
    {
        using var feed = NewFeed([2]);

        Assert.Equal(Expected(1_000_007, 2), Ids(feed.Next(1_000_007, 0)));
        Assert.Equal(Expected(1_000_008, 2), Ids(feed.Next(1_000_008, 0)));
    }

    [Fact]
    public void What_reading_meets_surfaces_at_its_batch_and_not_before()
    {
        using var objective = new GatedObjective(Time) { FailAtRead = 2 * Plan.BatchSize };
        using var feed = NewFeed([0], objective: objective);
        _ = feed.Next(0, 0);
        SpinWait.SpinUntil(() => objective.HasFailed);

        Assert.Equal(Expected(1, 0), Ids(feed.Next(1, 0)));
        Assert.Throws<InvalidOperationException>(() => feed.Next(2, 0));
        Assert.Throws<InvalidOperationException>(() => feed.Next(0, 0));
    }

    [Fact]
    public void Disposing_ends_the_thread_and_a_wait_for_it()
    {
        var feed = NewFeed([0]);
        _ = feed.Next(0, 0);

        feed.Dispose();

        Assert.Throws<ObjectDisposedException>(() => feed.Next(1, 0));
    }

    [Fact]
    public void A_rank_without_micro_batches_reads_nothing()
    {
        using var feed = NewFeed([]);
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        using var feed = NewFeed([0, 1], order: DataOrder.Sequential);
        Run(feed, 0, 50);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        Run(feed, 50, 550);

        // Another thread of the test host may allocate a little; one object a step would be 12 KB and more.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 8_000);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var before = torch.Tensor.TotalCount;
        using (var feed = NewFeed([0]))
        {
            Run(feed, 0, 20);
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private static void Run(BatchFeed feed, long from, long to)
    {
        for (var step = from; step < to; step++)
        {
            _ = feed.Next(step, 0);
        }
    }

    private BatchFeed NewFeed(
        int[] microBatches,
        long sequenceCount = SequenceCount,
        DataOrder order = DataOrder.Shuffled,
        IObjective? objective = null
    ) =>
        new(
            Plan,
            new SampleOrder(order, seed: 3, sequenceCount),
            seed: 3,
            microBatches,
            () => new BatchReader(_corpus.Train, objective ?? new NextTokenObjective(Time), Plan.BatchSize)
        );

    private static long[] Ids(TokenBatch batch) =>
        LibTorch.Span<long>(batch.Ids_BT, 0, (int)batch.Ids_BT.numel()).ToArray();

    private static long[] Expected(long step, int microBatch)
    {
        var order = new SampleOrder(DataOrder.Shuffled, seed: 3, SequenceCount);
        var first = Plan.FirstSampleOf(step, microBatch);
        return
        [
            .. Enumerable
                .Range(0, Plan.BatchSize)
                .SelectMany(row => Enumerable.Range(0, Time).Select(t => TokenOf(order.SequenceAt(first + row), t))),
        ];
    }

    private static long TokenOf(long sequence, int position) => (sequence * Time) + position;
}
