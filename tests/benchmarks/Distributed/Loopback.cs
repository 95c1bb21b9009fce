using CodeParrot.Distributed;

namespace CodeParrot.Benchmarks.Distributed;

/// <summary>Joins processes of this machine to a group.</summary>
internal static class Loopback
{
    /// <summary>Returns when all ranks are there; the caller disposes the group.</summary>
    public static TcpProcessGroup Join(int rank, int worldSize, int port)
    {
        var options = new RendezvousOptions
        {
            MasterAddress = "127.0.0.1",
            MasterPort = port,
            Rank = rank,
            WorldSize = worldSize,
            RunUid = "benchmark",
            Attempt = 1,
            Key = new byte[RendezvousOptions.MinKeyBytes],
            Timeout = TimeSpan.FromSeconds(60),
        };
        var joining = Task.Run(async () =>
        {
            var state = new RankState(Attempt: 1, StepInMemory: -1, NewestCheckpoint: null);
            var round = await Rendezvous.JoinAsync(options, state, TimeProvider.System, CancellationToken.None);
            return await TcpProcessGroup.ConnectAsync(round, options, TimeProvider.System, CancellationToken.None);
        });
#pragma warning disable VSTHRD002 // The outermost frame of a console program, as in Main.
        return joining.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }
}
