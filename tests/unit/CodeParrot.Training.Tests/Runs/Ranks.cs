using System.Runtime.ExceptionServices;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Tests;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>
/// Runs the ranks of a group at once: one thread each, joined over the loopback as processes would be.
/// </summary>
internal static class Ranks
{
    /// <summary>
    /// Returns what each rank returned, or throws what the first of them threw that did not just lose a peer.
    /// </summary>
    public static T[] Run<T>(int worldSize, Func<IProcessGroup, T> action)
    {
        var results = new T[worldSize];
        var failures = Catch(worldSize, group => results[group.Rank] = action(group)).OfType<Exception>().ToList();
        if ((failures.Find(e => e is not PeerLostException) ?? failures.FirstOrDefault()) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
        return results;
    }

    /// <summary>Returns what each rank threw, null for those that did not.</summary>
    public static Exception?[] Catch(int worldSize, Action<IProcessGroup> action)
    {
        var port = FreePort.Draw();
        var errors = new Exception?[worldSize];
        var threads = Enumerable.Range(0, worldSize).Select(rank => new Thread(() => RunRank(rank))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return errors;

        void RunRank(int rank)
        {
            try
            {
                using IProcessGroup group =
                    worldSize == 1 ? new SingleProcessGroup() : Blocking.Run(() => ConnectAsync(rank, worldSize, port));
                action(group);
            }
            catch (Exception e)
            {
                errors[rank] = e;
            }
        }
    }

    /// <summary>Joins a group.</summary>
    public static async Task<TcpProcessGroup> ConnectAsync(
        int rank,
        int worldSize,
        int port,
        TimeSpan? collectiveTimeout = null
    )
    {
        var options = OptionsOf(rank, worldSize, port, collectiveTimeout);
        var state = new RankState(1, StepInMemory: -1, NewestCheckpoint: null);
        var round = await Rendezvous.JoinAsync(options, state, TimeProvider.System, CancellationToken.None);
        return await TcpProcessGroup.ConnectAsync(round, options, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Returns how a rank finds the others.</summary>
    public static RendezvousOptions OptionsOf(int rank, int worldSize, int port, TimeSpan? collectiveTimeout = null) =>
        new()
        {
            MasterAddress = "127.0.0.1",
            MasterPort = port,
            Rank = rank,
            WorldSize = worldSize,
            RunUid = "uid-1",
            Attempt = 1,
            Key = [.. Enumerable.Range(1, 32).Select(value => (byte)value)],
            Timeout = TimeSpan.FromSeconds(60),
            CollectiveTimeout = collectiveTimeout ?? TimeSpan.FromSeconds(60),
        };
}
