using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Distributed.Tests;

public sealed class RangeSetTests
{
    [Fact]
    public void Behaves_like_a_set_of_single_elements()
    {
        const int Size = 40;
        var ranges = Gen.Choose(0, Size - 1).Zip(Gen.Choose(0, 8)).ListOf(12).ToArbitrary();

        Prop.ForAll(
                ranges,
                drawn =>
                {
                    var set = new RangeSet();
                    var model = new HashSet<long>();
                    foreach (var (offset, count) in drawn)
                    {
                        var elements = Enumerable.Range(offset, count).Select(element => (long)element).ToList();
                        var isFree = !elements.Exists(model.Contains);
                        Assert.Equal(isFree, set.TryAdd(offset, count));
                        if (isFree)
                        {
                            model.UnionWith(elements);
                        }
                    }

                    for (var offset = 0L; offset < Size; offset++)
                    {
                        Assert.Equal(model.Contains(offset), set.Contains(offset, 1));
                        Assert.Equal(model.Contains(offset) && model.Contains(offset + 1), set.Contains(offset, 2));
                    }
                }
            )
            .QuickCheckThrowOnFailure();
    }
}
