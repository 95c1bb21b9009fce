using CodeParrot.Distributed.Authentication;
using CodeParrot.Distributed.Coordination;

namespace CodeParrot.Distributed.Tests;

public sealed class CoordinationTests
{
    [Theory]
    [InlineData("step-000000500-a9", "step-000000500-a10")]
    [InlineData("step-000000999-a10", "step-000001000-a1")]
    [InlineData("step-9", "step-0010")]
    [InlineData("step-1", "step-1-a1")]
    [InlineData(null, "step-1")]
    public void Checkpoints_are_ordered_by_the_numbers_in_their_names(string? older, string newer)
    {
        var comparer = CheckpointNameComparer.Instance;

        Assert.True(comparer.Compare(older, newer) < 0);
        Assert.True(comparer.Compare(newer, older) > 0);
        Assert.Equal(0, comparer.Compare(newer, newer));
    }

    [Fact]
    public void The_newest_attempt_wins_then_the_highest_step_then_the_lowest_rank()
    {
        Member[] members = [Holding(0, 2, 900), Holding(1, 3, 100), Holding(2, 3, 101), Holding(3, 3, 101)];

        Assert.Equal(2, StateChoice.Source(members));
        Assert.Equal(-1, StateChoice.Source([Holding(0, 3, -1)]));
        Assert.Null(StateChoice.Checkpoint(members));
    }

    [Fact]
    public async Task A_repeated_a_changed_and_an_endless_message_are_refused()
    {
        var message = await FrameAsync(new RingGreeting("round", 1));
        var changed = message.ToArray();
        changed[8] ^= 1;

        Assert.Equal(new RingGreeting("round", 1), await ReadAsync(message, count: 1));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync([.. message, .. message], count: 2));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(changed, count: 1));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync([255, 255, 255, 127], count: 1));
    }

    private static Member Holding(int rank, int attempt, long step) =>
        new(rank, "host", Port: 1, new RankState(attempt, step, NewestCheckpoint: null));

    private static async Task<byte[]> FrameAsync(RingGreeting greeting)
    {
        using var stream = new MemoryStream();
        var sender = new SecureChannel(stream, World.Key, isServer: false);
        await sender.SendAsync(greeting, CoordinationJson.Default.RingGreeting, CancellationToken.None);
        return stream.ToArray();
    }

    private static async Task<RingGreeting?> ReadAsync(byte[] bytes, int count)
    {
        using var stream = new MemoryStream(bytes);
        var receiver = new SecureChannel(stream, World.Key, isServer: true);
        RingGreeting? last = null;
        for (var index = 0; index < count; index++)
        {
            last = await receiver.ReceiveAsync(
                CoordinationJson.Default.RingGreeting,
                maxBytes: 1000,
                CancellationToken.None
            );
        }

        return last;
    }
}
