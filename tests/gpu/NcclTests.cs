using CodeParrot.Distributed;
using CodeParrot.Distributed.Nccl;
using CodeParrot.Model.Native;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Gpu.Tests;

/// <summary>The real NCCL: one rank everywhere, two where there are two devices.</summary>
public sealed class NcclTests
{
    private const int Length = 100_003;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Collectives_give_what_their_names_say(int worldSize)
    {
        Gpus.Require(worldSize);
        var sum = worldSize * (worldSize + 1) / 2f;

        Ranks.Run(
            worldSize,
            control =>
            {
                using var group = NcclGroup.Connect(control, control.Rank, Deadline, TimeProvider.System);
                using var values = Filled(control.Rank);

                group.AllReduceSum(LibTorch.DataPointer(values), Length);
                group.Join();
                AssertAll(sum, values);

                Fill(values, control.Rank + 1);
                group.ReduceScatterSum(LibTorch.DataPointer(values), Length);
                var own = new Partition(Length, worldSize).Offset(control.Rank) * sizeof(float);
                group.AllGather(LibTorch.DataPointer(values) + (nint)own, LibTorch.DataPointer(values), Length);
                group.Join();
                AssertAll(sum, values);

                Fill(values, control.Rank + 1);
                group.Broadcast(LibTorch.DataPointer(values), Length * sizeof(float), root: worldSize - 1);
                group.Await();
                AssertAll(worldSize, values);
                return 0;
            }
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Buckets_are_summed_behind_the_kernels_that_fill_them(int worldSize)
    {
        Gpus.Require(worldSize);
        var sum = worldSize * (worldSize + 1) / 2f;

        Ranks.Run(
            worldSize,
            control =>
            {
                using var group = NcclGroup.Connect(control, control.Rank, Deadline, TimeProvider.System);
                using var values = Filled(control.Rank);
                var address = LibTorch.DataPointer(values);
                var grid = new BucketGrid(Length, worldSize, 1 << 14);
                using var reducer = group.NewReducer(address, grid, ReducedTo.EveryRank);
                for (var step = 1; step <= 5; step++)
                {
                    Fill(values, 0);
                    for (var end = Length; end > 0; end -= 10_000)
                    {
                        var start = Math.Max(0, end - 10_000);
                        using var piece = values.narrow(0, start, end - start);
                        Fill(piece, step * (control.Rank + 1));
                        reducer.Start(start, end - start);
                    }

                    reducer.Finish();
                    AssertAll(step * sum, values);
                }

                return 0;
            }
        );
    }

    [Fact]
    public void A_rank_that_leaves_is_a_lost_peer_within_seconds()
    {
        Gpus.Require(2);

        var errors = Ranks.Catch(
            2,
            control =>
            {
                using var group = NcclGroup.Connect(control, control.Rank, Deadline, TimeProvider.System);
                if (control.Rank == 0)
                {
                    using var values = Filled(0);
                    group.AllReduceSum(LibTorch.DataPointer(values), Length);
                    group.Await();
                }
            }
        );

        Assert.IsType<PeerLostException>(errors[0]);
    }

    private static torch.Tensor Filled(int rank)
    {
        var values = torch.zeros(Length, torch.ScalarType.Float32, new torch.Device(DeviceType.CUDA, rank));
        Fill(values, rank + 1);
        return values;
    }

    private static void Fill(torch.Tensor values, float value)
    {
        using Scalar scalar = value;
        values.fill_(scalar).Dispose();
    }

    private static void AssertAll(float expected, torch.Tensor values) =>
        Assert.All(SmallModel.Values(values), value => Assert.Equal(expected, value));
}
