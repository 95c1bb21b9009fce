using System.Runtime.ExceptionServices;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Tests;

namespace CodeParrot.Parity.Tests.Training;

/// <summary>Runs the ranks of a group at once, one thread each, joined over the loopback.</summary>
internal static class Ranks
{
    public static T[] Run<T>(int worldSize, Func<IProcessGroup, T> action)
    {
        if (worldSize == 1)
        {
            using var single = new SingleProcessGroup();
            return [action(single)];
        }
        var port = FreePort.Draw();
        var results = new T[worldSize];
        var errors = new Exception?[worldSize];
        var threads = Enumerable.Range(0, worldSize).Select(rank => new Thread(() => RunRank(rank))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var failures = errors.OfType<Exception>().ToList();
        if ((failures.Find(e => e is not PeerLostException) ?? failures.FirstOrDefault()) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
        return results;

        void RunRank(int rank)
        {
            try
            {
#pragma warning disable VSTHRD002 // A thread of its own, with nobody to wait for it but Join.
                using var group = Task.Run(() => ConnectAsync(rank, worldSize, port)).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
                results[rank] = action(group);
            }
            catch (Exception e)
            {
                errors[rank] = e;
            }
        }
    }

    private static async Task<TcpProcessGroup> ConnectAsync(int rank, int worldSize, int port)
    {
        var options = new RendezvousOptions
        {
            MasterAddress = "127.0.0.1",
            MasterPort = port,
            Rank = rank,
            WorldSize = worldSize,
            RunUid = "parity",
            Attempt = 1,
            Key = [.. Enumerable.Range(1, 32).Select(value => (byte)value)],
            Timeout = TimeSpan.FromSeconds(60),
            CollectiveTimeout = TimeSpan.FromSeconds(60),
        };
        var state = new RankState(1, StepInMemory: -1, NewestCheckpoint: null);
        var round = await Rendezvous.JoinAsync(options, state, TimeProvider.System, CancellationToken.None);
        return await TcpProcessGroup.ConnectAsync(round, options, TimeProvider.System, CancellationToken.None);
    }
}
