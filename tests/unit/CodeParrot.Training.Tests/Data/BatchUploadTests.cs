using CodeParrot.Contract.Spec;
using CodeParrot.Distributed.Tests.Nccl;
using CodeParrot.Model.Native;
using CodeParrot.Training.Data;
using CodeParrot.Training.Objectives;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Training.Tests.Data;

/// <summary>Batches on their way to a device whose copies are as late as they may be.</summary>
public sealed class BatchUploadTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Late_copies_take_the_batch_that_they_were_asked_for(int seed)
    {
        using var gpus = new FakeGpus(worldSize: 1, seed);
        using var corpus = InventedCorpus.New(sequences: 40, time: 4);
        var plan = new StepPlan(MicroBatchCount: 1, BatchSize: 2);
        var seen = new List<long[]>();
        using (
            var feed = new BatchFeed(
                plan,
                new SampleOrder(DataOrder.Sequential, seed: 1, 40),
                seed: 1,
                [0],
                () => new BatchReader(corpus.Train, new NextTokenObjective(4), 2, cuda: FakeGpus.Cuda),
                like => new BatchUpload(FakeGpus.Cuda, device: 0, like, place: torch.CPU)
            )
        )
        {
            for (var step = 0; step < 19; step++)
            {
                var ids_BT = feed.Next(step, 0).Ids_BT;
                // The kernel that reads the batch runs when the device comes to it.
                gpus.Torch(0, () => seen.Add(LibTorch.Span<long>(ids_BT, 0, 8).ToArray()));
            }
            gpus.Drain();
        }

        Assert.Equal(Enumerable.Range(0, 19 * 8).Select(id => (long)id), seen.SelectMany(ids => ids));
        Assert.Empty(gpus.Living);
    }

    [Fact]
    public void A_copy_goes_straight_from_pinned_memory_on_torch_s_stream()
    {
        using var gpus = new FakeGpus(worldSize: 1);
        using var corpus = InventedCorpus.New(sequences: 4, time: 4);
        using var reader = new BatchReader(corpus.Train, new NextTokenObjective(4), 2, cuda: FakeGpus.Cuda);
        using var upload = new BatchUpload(FakeGpus.Cuda, device: 0, reader.Whole, place: torch.CPU);
        reader.Fill([1, 2], [0, 0]);

        var ids_BT = upload.Run(reader).Ids_BT;

        Assert.Equal([.. Enumerable.Repeat(0L, 8)], LibTorch.Span<long>(ids_BT, 0, 8).ToArray());
        Assert.Equal(["event flags 3", "record on torch"], gpus.Calls[0]);
        upload.AwaitFree(reader);
        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 11], LibTorch.Span<long>(ids_BT, 0, 8).ToArray());
    }
}
