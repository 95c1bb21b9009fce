using CodeParrot.Contract.Spec;
using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Training.Stepping;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Training.Tests.Stepping;

public class ShardingTests
{
    // 5.5M parameters: six buckets of a million.
    private static readonly Gpt2Config Config = new()
    {
        VocabularySize = 1500,
        ContextLength = 16,
        Width = 384,
        Heads = 2,
        Layers = 3,
        Dropout = 0,
    };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Each_rank_holds_its_share_of_the_moments_and_no_more(int worldSize)
    {
        using var model = new Gpt2(Config);
        var held = 0L;
        for (var rank = 0; rank < worldSize; rank++)
        {
            var sharding = new Sharding(Sharded, model, new PlaceInWorld(rank, worldSize));
            using var optimiser = new AdamW(model, new AdamWOptions(), sharding.UpdatedSlices);

            var share = model.Parameters.numel() / worldSize;
            Assert.InRange(optimiser.FirstMoment.numel(), share - sharding.Grid.Count, share + sharding.Grid.Count);
            Assert.Equal(optimiser.FirstMoment.numel(), optimiser.SecondMoment.numel());
            held += optimiser.FirstMoment.numel();
        }

        Assert.Equal(model.Parameters.numel(), held);
    }

    [Fact]
    public void Without_sharding_each_rank_updates_all_by_the_same_cuts()
    {
        using var model = new Gpt2(Config);
        var ranks = Enumerable.Range(0, 3).Select(rank => new PlaceInWorld(rank, 3)).ToList();

        var plain = new Sharding(new TrainingSpec(), model, ranks[1]);
        var sharded = ranks.Select(rank => new Sharding(Sharded, model, rank));

        Assert.Equal(plain.UpdatedSlices, sharded.SelectMany(s => s.UpdatedSlices).OrderBy(slice => slice.Offset));
        Assert.Equal(plain.OwnSlices, new Sharding(Sharded, model, ranks[1]).OwnSlices);
    }

    [Fact]
    public void A_rank_alone_shards_nothing()
    {
        using var model = new Gpt2(Config);
        using var group = new SingleProcessGroup();

        var sharding = new Sharding(Sharded, model, group);

        Assert.False(sharding.IsSharded);
        Assert.Equal(model.Parameters.numel(), sharding.UpdatedSlices.Sum(slice => slice.Count));
    }

    [Fact]
    public void Buckets_are_exchanged_as_backward_completes_them()
    {
        using var model = new Gpt2(Config);
        using var group = new SingleProcessGroup();
        var sharding = new Sharding(new TrainingSpec(), model, group);
        var order = sharding.BackwardOrder();
        var completed = new List<int>();
        var covered = new bool[model.Parameters.numel()];

        using var ids_BT = torch.zeros(1, Config.ContextLength, torch.ScalarType.Int64);
        model.ForwardBackward(
            ids_BT,
            new MicroBatch(1, Model.Precision.Fp32, 0, Recompute: false),
            range =>
            {
                covered.AsSpan((int)range.Offset, (int)range.Count).Fill(true);
                completed.Add(order.TakeWhile(bucket => IsCovered(bucket)).Count());

                // What is complete stands at the front of the order: nothing complete waits behind what is not.
                Assert.Equal(order.Count(IsCovered), completed[^1]);
            }
        );

        // Blocks fill buckets while others still compute; the token embeddings end it.
        Assert.True(completed[^2] >= sharding.Grid.Count - 2 && completed.Count(count => count > 0) > 3);
        Assert.Equal(sharding.Grid.Count, completed[^1]);

        bool IsCovered(int bucket) =>
            !covered.AsSpan((int)sharding.Grid.OffsetOf(bucket), sharding.Grid.CountOf(bucket)).Contains(false);
    }

    private static TrainingSpec Sharded => new() { OptimizerSharding = true };
}
