using System.Runtime.ExceptionServices;

namespace CodeParrot.Distributed.Tests;

/// <summary>Real ranks in one process, each on its own thread, joined over the loopback.</summary>
internal sealed class World : IDisposable
{
    public static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(value => (byte)value)];

    private World(TcpProcessGroup[] groups) => Groups = groups;

    public TcpProcessGroup[] Groups { get; }

    public static async Task<World> OfAsync(int worldSize, TimeSpan? collectiveTimeout = null)
    {
        var port = FreePort.Draw();
        var ranks = Enumerable.Range(0, worldSize);
        return new World(
            await Task.WhenAll(ranks.Select(rank => ConnectAsync(Options(rank, worldSize, port, collectiveTimeout))))
        );
    }

    public static RendezvousOptions Options(int rank, int worldSize, int port, TimeSpan? collectiveTimeout = null) =>
        new()
        {
            MasterAddress = "127.0.0.1",
            MasterPort = port,
            Rank = rank,
            WorldSize = worldSize,
            RunUid = "4cf3a7a0-run",
            Attempt = 3,
            Key = Key,
            Timeout = TimeSpan.FromMinutes(2),
            CollectiveTimeout = collectiveTimeout ?? TimeSpan.FromMinutes(2),
        };

    public static RankState Empty(int attempt = 3) => new(attempt, StepInMemory: -1, NewestCheckpoint: null);

    public static async Task<TcpProcessGroup> ConnectAsync(RendezvousOptions options)
    {
        var round = await Rendezvous.JoinAsync(options, Empty(), TimeProvider.System, CancellationToken.None);
        return await TcpProcessGroup.ConnectAsync(round, options, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Runs the action of every rank at once and throws the first failure.</summary>
    public void Run(Action<TcpProcessGroup> action) => Parallelly(Groups.Length, rank => action(Groups[rank]));

    /// <summary>Runs the action of every rank at once and returns what each threw.</summary>
    public Exception?[] Catch(Action<TcpProcessGroup> action)
    {
        var errors = new Exception?[Groups.Length];
        Parallelly(Groups.Length, rank => errors[rank] = Record.Exception(() => action(Groups[rank])));
        return errors;
    }

    public void Dispose()
    {
        foreach (var group in Groups)
        {
            group.Dispose();
        }
    }

    private static void Parallelly(int count, Action<int> action)
    {
        var errors = new Exception?[count];
        var threads = Enumerable
            .Range(0, count)
            .Select(index => new Thread(() => errors[index] = Record.Exception(() => action(index))))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (errors.FirstOrDefault(error => error is not null) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
