using CodeParrot.Operator.Hosting;

namespace CodeParrot.Operator.Tests.Hosting;

public class HeapTrimmerTests
{
    private readonly HeapTrimmer _trimmer;
    private long _allocated;
    private int _collections;

    public HeapTrimmerTests() =>
        _trimmer = new HeapTrimmer(() => _allocated, () => _collections++, TimeProvider.System);

    [Fact]
    public void Collects_once_after_a_burst()
    {
        Assert.Equal([0, 0, 1, 1], Look(HeapTrimmer.BurstBytes, HeapTrimmer.BurstBytes, 1, 1));
    }

    [Fact]
    public void Collects_now_and_then_while_a_little_is_allocated()
    {
        const long half = HeapTrimmer.WorthwhileBytes / 2;

        Assert.Equal([0, 1, 1, 2], Look(half, half, half, half));
    }

    [Fact]
    public void Leaves_a_process_alone_that_does_nothing() => Assert.Equal([0, 0], Look(1000, 1000));

    private IEnumerable<int> Look(params long[] allocations) =>
        [
            .. allocations.Select(a =>
            {
                _allocated += a;
                _trimmer.Look();
                return _collections;
            }),
        ];
}
