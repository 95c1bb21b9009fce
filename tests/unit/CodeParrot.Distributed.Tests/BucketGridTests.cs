using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Distributed.Tests;

public sealed class BucketGridTests
{
    [Fact]
    public void Every_element_has_one_owner()
    {
        var cases = ArbMap.Default.ArbFor<(NonNegativeInt Length, PositiveInt Ranks, PositiveInt Bucket)>();

        Prop.ForAll(
                cases,
                drawn =>
                {
                    var grid = new BucketGrid(drawn.Length.Get, drawn.Ranks.Get, drawn.Bucket.Get);
                    var slices = Enumerable.Range(0, grid.WorldSize).SelectMany(grid.SlicesOf).Order().ToList();

                    var next = 0L;
                    foreach (var (offset, count) in slices)
                    {
                        Assert.Equal(next, offset);
                        Assert.InRange(count, 1, drawn.Bucket.Get);
                        next += count;
                    }

                    Assert.Equal(drawn.Length.Get, next);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_slice_lies_in_its_bucket_as_a_collective_over_the_bucket_cuts_it()
    {
        var grid = new BucketGrid(length: 25, worldSize: 3, bucketElements: 10);

        Assert.Equal((3, 20L, 5), (grid.Count, grid.OffsetOf(2), grid.CountOf(2)));
        Assert.Equal([(0, 4), (10, 4), (20, 2)], grid.SlicesOf(0));
        Assert.Equal([(4, 3), (14, 3), (22, 2)], grid.SlicesOf(1));
        Assert.Equal([(7, 3), (17, 3), (24, 1)], grid.SlicesOf(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.CountOf(3));
    }

    [Theory]
    [InlineData(1, 1 << 20)]
    [InlineData(16, 1 << 20)]
    [InlineData(64, 1 << 22)]
    [InlineData(1_000_000, 1 << 28)]
    public void Buckets_grow_with_the_ranks_so_that_slices_stay_worth_sending(int worldSize, int bucketElements)
    {
        Assert.Equal(bucketElements, new BucketGrid(10_000_000_000, worldSize).BucketElements);
    }
}
