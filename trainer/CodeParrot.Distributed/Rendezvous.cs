using System.Security.Cryptography;
using CodeParrot.Distributed.Coordination;

namespace CodeParrot.Distributed;

/// <summary>Brings the ranks of an attempt together.</summary>
public static class Rendezvous
{
    /// <summary>
    /// Joins the other ranks and returns the round they agreed on, the same on all. Rank 0 hosts the coordinator
    /// meanwhile; its port is closed again when all have their answer. In a world of one nothing is opened.
    /// </summary>
    /// <exception cref="ArgumentException">The options do not hold; all mistakes are named.</exception>
    /// <exception cref="PortInUseException">On rank 0: the coordinator's port is taken.</exception>
    /// <exception cref="RendezvousRefusedException">This rank does not belong to the round.</exception>
    /// <exception cref="RendezvousTimeoutException">Ranks are missing after
    /// <see cref="RendezvousOptions.Timeout"/>.</exception>
    public static Task<Round> JoinAsync(
        RendezvousOptions options,
        RankState state,
        TimeProvider time,
        CancellationToken ct
    ) => JoinAsync(options, state, door: null, time, ct);

    /// <summary>Joins through a coordinator that rank 0 has open already; it is disposed.</summary>
    internal static async Task<Round> JoinAsync(
        RendezvousOptions options,
        RankState state,
        Coordinator? door,
        TimeProvider time,
        CancellationToken ct
    )
    {
        options.ThrowIfInvalid();
        if (options.WorldSize == 1)
        {
            return Alone(options, state);
        }

        // The port of the ring is open before the coordinator knows of it: a neighbour may come at once.
        var ringListener = Listening.Open(options.MasterAddress, port: 0, backlog: 16);
        try
        {
            var ringPort = Listening.Local(ringListener).Port;
            var agreement =
                options.Rank == 0
                    ? await HostAsync(options, state, ringPort, door, time, ct)
                    : await new Joiner(options, state, coordinator: null, time).JoinAsync(ringPort, ct);
            return new Round(
                agreement.Number,
                agreement.Id,
                agreement.Members,
                agreement.StateSource,
                agreement.Checkpoint
            )
            {
                RingListener = ringListener,
            };
        }
        catch
        {
            ringListener.Dispose();
            throw;
        }
    }

    private static async Task<Agreement> HostAsync(
        RendezvousOptions options,
        RankState state,
        int ringPort,
        Coordinator? door,
        TimeProvider time,
        CancellationToken ct
    )
    {
        using var coordinator = door ?? Coordinator.Open(options, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var hosting = coordinator.RunAsync(stop.Token);
        try
        {
            var joiner = new Joiner(options, state, coordinator.LocalEndPoint, time);
            var agreement = await joiner.JoinAsync(ringPort, ct);
            await hosting;
            return agreement;
        }
        catch (Exception error) when (error is not RendezvousTimeoutException)
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            // After a timeout the others still hear who is missing before the port closes.
            await hosting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Round Alone(RendezvousOptions options, RankState state)
    {
        Member[] members = [new Member(0, options.AdvertiseAddress ?? options.MasterAddress, Port: 0, state)];
        return new Round(
            options.LastRound + 1,
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            members,
            StateChoice.Source(members),
            StateChoice.Checkpoint(members)
        );
    }
}
