using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public sealed class TransportTests
{
    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "tcp")]
    public void Progress_says_how_ranks_exchange_gradients(int worldSize, string transport)
    {
        using var run = new TestRun();

        run.Train(worldSize: worldSize, stopAfter: 1);

        Assert.Equal(transport, run.Observer.Progresses[^1].Transport);
    }
}
