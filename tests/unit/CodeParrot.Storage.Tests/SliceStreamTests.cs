namespace CodeParrot.Storage.Tests;

public sealed class SliceStreamTests : IDisposable
{
    private readonly MemoryStream _inner = new(Enumerable.Range(0, 100).Select(i => (byte)i).ToArray());
    private readonly SemaphoreSlim _gate = new(1, 1);

    public void Dispose()
    {
        _inner.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task Shows_its_window_only_and_rewinds()
    {
        var progress = new List<long>();
        using var slice = new SliceStream(_inner, 10, 5, _gate, progress.Add);
        var buffer = new byte[20];

        var first = await slice.ReadAsync(buffer);
        var atEnd = await slice.ReadAsync(buffer);
        slice.Position = 3;
        var again = slice.ReadByte();

        Assert.Equal((5, 0, 13), (first, atEnd, again));
        Assert.Equal([10, 11, 12, 13, 14], buffer[..5]);
        Assert.Equal([5, 4], progress);
        Assert.Equal(5, slice.Length);
    }

    [Fact]
    public async Task Windows_on_one_stream_do_not_disturb_each_other()
    {
        var sums = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(part =>
                    Task.Run(async () =>
                    {
                        var slice = new SliceStream(_inner, part * 10, 10, _gate);
                        var (sum, one) = (0, new byte[1]);
                        while (await slice.ReadAsync(one) > 0)
                            sum += one[0];
                        return sum;
                    })
                )
        );

        Assert.Equal(Enumerable.Range(0, 10).Select(part => part * 100 + 45), sums);
    }
}
