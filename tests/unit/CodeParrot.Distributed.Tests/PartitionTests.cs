using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Distributed.Tests;

public sealed class PartitionTests
{
    [Fact]
    public void Slices_cover_everything_once_in_order_and_differ_by_at_most_one()
    {
        var cases = ArbMap.Default.ArbFor<(NonNegativeInt Length, PositiveInt Parts)>();

        Prop.ForAll(
                cases,
                drawn =>
                {
                    var partition = new Partition(drawn.Length.Get, drawn.Parts.Get);
                    var next = 0L;
                    for (var index = 0; index < partition.Parts; index++)
                    {
                        Assert.Equal(next, partition.Offset(index));
                        Assert.InRange(
                            partition.Count(index),
                            partition.Length / partition.Parts,
                            (partition.Length + partition.Parts - 1) / partition.Parts
                        );
                        next += partition.Count(index);
                    }

                    Assert.Equal(partition.Length, next);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Slices_of_more_than_two_billion_elements_are_cut_exactly()
    {
        var partition = new Partition(10_000_000_001, 4);

        Assert.Equal(2_500_000_001, partition.Count(0));
        Assert.Equal(7_500_000_001, partition.Offset(3));
    }

    [Fact]
    public void A_slice_that_does_not_exist_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Partition(10, 2).Offset(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Partition(10, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Partition(-1, 2));
    }
}
