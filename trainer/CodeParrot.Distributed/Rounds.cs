namespace CodeParrot.Distributed;

/// <summary>The rounds of an attempt, one after another, as one rank joins them.</summary>
/// <param name="options">Where and as whom to join; of these the last round is filled in here.</param>
/// <param name="time">Clock.</param>
public sealed class Rounds(RendezvousOptions options, TimeProvider time)
{
    private RendezvousOptions _options = options;

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
            var round = await Rendezvous.JoinAsync(_options, state, time, ct);
            _options = _options with
            {
                LastRound = round.Number,
                KnownGenerations = [.. round.Members.Select(member => member.Generation)],
            };
            try
            {
                var group = await TcpProcessGroup.ConnectAsync(round, _options, time, ct);
                var source = round.StateSource;
                var step = source < 0 ? -1 : round.Members[source].State.StepInMemory;
                return new JoinedRound(group, round.Number, source, step);
            }
            catch (Exception error) when (IsLoss(error) && time.GetElapsedTime(start) < _options.Timeout)
            {
                // It is replaced as one that was lost later is; the others come again too.
            }
        }
    }

    // A neighbour that is in a later round already has lost this one.
    private bool IsLoss(Exception error) =>
        WaitsForLostRanks
        && error is PeerLostException or RendezvousRefusedException { Reason: RefusalReason.WrongNeighbour };
}
