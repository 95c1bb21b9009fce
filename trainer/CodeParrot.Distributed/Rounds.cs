using CodeParrot.Distributed.Coordination;

namespace CodeParrot.Distributed;

/// <summary>The rounds of an attempt, one after another, as one rank joins them.</summary>
/// <param name="options">Where and as whom to join; of these the last round is filled in here.</param>
/// <param name="time">Clock.</param>
public sealed class Rounds(RendezvousOptions options, TimeProvider time) : IAsyncDisposable
{
    private RendezvousOptions _options = options;
    private Coordinator? _door;

    /// <summary>
    /// Gets whether a rank that is lost while the ring is being connected is waited for too, for as long as for one
    /// that does not come; false, the default, fails at once.
    /// </summary>
    public bool WaitsForLostRanks { get; init; }

    /// <summary>Joins the other ranks for the next round.</summary>
    /// <param name="stepInMemory">Step of the whole state that this rank holds; -1 if none.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="PeerLostException">A rank was lost while the ring was connected.</exception>
    /// <exception cref="RendezvousRefusedException">This rank does not belong to the round.</exception>
    /// <exception cref="RendezvousTimeoutException">Ranks are missing.</exception>
    public async Task<JoinedRound> JoinAsync(long stepInMemory, CancellationToken ct)
    {
        var state = new RankState(_options.Attempt, stepInMemory, NewestCheckpoint: null);
        var start = time.GetTimestamp();
        while (true)
        {
            // Who came while the last round lasted waits in there.
            var door = _door;
            _door = null;
            var round = await Rendezvous.JoinAsync(_options, state, door, time, ct);
            _options = _options with { LastRound = round.Number, KnownGenerations = GenerationsOf(round) };
            try
            {
                return Describe(round, await TcpProcessGroup.ConnectAsync(round, _options, time, ct));
            }
            catch (Exception error) when (IsLoss(error) && time.GetElapsedTime(start) < _options.Timeout)
            {
                // It is replaced as one that was lost later is; the others come again too.
            }
        }
    }

    /// <summary>Sends away who waits for the next round: there is none.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_door is not null)
        {
            await _door.CloseAsync();
            _door.Dispose();
            _door = null;
        }
    }

    private JoinedRound Describe(Round round, TcpProcessGroup group)
    {
        var source = round.StateSource < 0 ? -1 : round.PositionOf(round.StateSource);
        var step = source < 0 ? -1 : round.Members[source].State.StepInMemory;
        var joined = new JoinedRound(group, round.Number, source, step);
        if (round.Members.Count == _options.WorldSize)
        {
            return joined;
        }

        int[] ranks = [.. round.Members.Select(member => member.Rank)];
        if (_options.Rank == 0)
        {
            OpenDoor(group, ranks);
        }

        return joined with
        {
            Ranks = ranks,
            HasGuests = () => _door?.HasGuests == true,
        };
    }

    // Who comes while the round lasts is let in for the next one, which waits for nobody else who is missing in this.
    private void OpenDoor(TcpProcessGroup group, int[] ranks)
    {
        try
        {
            _door = Coordinator.Open(_options, time, ranks);
            _door.Begin();
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    private int[] GenerationsOf(Round round)
    {
        var all = new int[_options.WorldSize];
        _options.KnownGenerations.ToArray().CopyTo(all, 0);
        foreach (var member in round.Members)
        {
            all[member.Rank] = member.Generation;
        }

        return all;
    }

    // A neighbour that is in a later round already has lost this one.
    private bool IsLoss(Exception error) =>
        WaitsForLostRanks
        && error is PeerLostException or RendezvousRefusedException { Reason: RefusalReason.WrongNeighbour };
}
