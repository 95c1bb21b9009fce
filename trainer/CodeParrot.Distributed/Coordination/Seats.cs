using System.Security.Cryptography;
using System.Threading.Channels;

namespace CodeParrot.Distributed.Coordination;

/// <summary>
/// Who has come. Each rank that is in has a queue of replies, which its connection sends on. When the last rank comes,
/// the round is made and all get it; ranks may leave and come again until then. Of one rank the newest generation has
/// the seat.
/// </summary>
/// <param name="worldSize">Number of ranks.</param>
/// <param name="awaited">
/// Ranks without which the round is not made, whoever else has come by then; null for all. It is for a round behind
/// one of fewer: who was missing in that is not waited for again.
/// </param>
internal sealed class Seats(int worldSize, IReadOnlyCollection<int>? awaited = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, (JoinRequest Request, Channel<Reply> Replies)> _taken = [];
    private readonly Channel<Agreement> _agreed = Channel.CreateBounded<Agreement>(1);

    // What this coordinator has not seen itself it hears of those who were in the last round.
    private readonly int[] _generations = new int[worldSize];
    private bool _closed;

    /// <summary>Gets the agreement when it is made.</summary>
    public ChannelReader<Agreement> Agreed => _agreed.Reader;

    /// <summary>Gets whether anybody is in and waits.</summary>
    public bool HasGuests
    {
        get
        {
            lock (_gate)
            {
                return !_closed && _taken.Count > 0;
            }
        }
    }

    /// <summary>Lets a rank in, in the place of an older generation of it.</summary>
    /// <param name="request">The rank, which is within the world.</param>
    /// <param name="refusal">
    /// Why it has no place: a living process of its generation or a newer one has it. Null for one that may try again.
    /// </param>
    /// <returns>What the coordinator has to say to it; null if it is not let in.</returns>
    public ChannelReader<Reply>? Take(JoinRequest request, out Refusal? refusal)
    {
        lock (_gate)
        {
            var rank = request.Member.Rank;
            Learn(request);
            refusal = RefusalOf(request.Member);
            if (refusal is not null || _closed)
            {
                return null;
            }

            var replies = Channel.CreateUnbounded<Reply>();
            _taken[rank] = (request, replies);
            if (_taken.Count == worldSize || awaited?.All(_taken.ContainsKey) == true)
            {
                CloseWithAgreement();
            }
            else
            {
                TellAll(new Reply(ReplyKind.Waiting, Missing: MissingRanks()));
            }

            return replies.Reader;
        }
    }

    /// <summary>Tells those who are in already that the time to wait for the others begins now.</summary>
    public void BeginWaiting()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                TellAll(new Reply(ReplyKind.Waiting, Missing: MissingRanks()));
            }
        }
    }

    /// <summary>
    /// Takes a rank out whose connection has ended; without effect once the round is made, or where another generation
    /// has its seat by now.
    /// </summary>
    public void Leave(int rank, ChannelReader<Reply> replies)
    {
        lock (_gate)
        {
            if (!_closed && _taken.TryGetValue(rank, out var seat) && seat.Replies.Reader == replies)
            {
                _taken.Remove(rank);
                TellAll(new Reply(ReplyKind.Waiting, Missing: MissingRanks()));
            }
        }
    }

    /// <summary>Makes the round of those who have come, if they are enough and rank 0 is among them.</summary>
    public bool TryAgree(int minCount)
    {
        lock (_gate)
        {
            if (_closed || _taken.Count < minCount || !_taken.ContainsKey(0))
            {
                return false;
            }

            CloseWithAgreement();
            return true;
        }
    }

    /// <summary>Tells all that the round does not come about; returns who is missing.</summary>
    public int[] GiveUp()
    {
        lock (_gate)
        {
            var missing = MissingRanks();
            Close(new Reply(ReplyKind.TimedOut, Missing: missing));
            return missing;
        }
    }

    /// <summary>
    /// Ends all queues that are still open without a word: the ranks see a closed connection and try again.
    /// </summary>
    public void Abandon()
    {
        lock (_gate)
        {
            Close(last: null);
        }
    }

    private int[] MissingRanks() => [.. Enumerable.Range(0, worldSize).Where(rank => !_taken.ContainsKey(rank))];

    /// <summary>Takes note of the generations that a rank knows of, its own too, and shows older ones out.</summary>
    private void Learn(JoinRequest request)
    {
        var known = request.Generations ?? [];
        for (var rank = 0; rank < Math.Min(known.Length, worldSize); rank++)
        {
            Learn(rank, known[rank]);
        }

        Learn(request.Member.Rank, request.Member.Generation);
    }

    private void Learn(int rank, int generation)
    {
        _generations[rank] = Math.Max(_generations[rank], generation);
        if (!_closed && _taken.TryGetValue(rank, out var seat) && OldOf(seat.Request.Member) is { } refusal)
        {
            seat.Replies.Writer.TryWrite(new Reply(ReplyKind.Refused, Refusal: refusal));
            seat.Replies.Writer.TryComplete();
            _taken.Remove(rank);
        }
    }

    private Refusal? RefusalOf(Member member)
    {
        if (OldOf(member) is { } old)
        {
            return old;
        }

        var hasSeat =
            _taken.TryGetValue(member.Rank, out var seat) && seat.Request.Member.Generation == member.Generation;
        return hasSeat
            ? new(RefusalReason.DuplicateRank, $"a living rank {member.Rank}", $"another rank {member.Rank}")
            : null;
    }

    private Refusal? OldOf(Member member) =>
        member.Generation < _generations[member.Rank]
            ? new(
                RefusalReason.OlderGeneration,
                $"generation {_generations[member.Rank]} of rank {member.Rank}",
                $"generation {member.Generation}"
            )
            : null;

    private void CloseWithAgreement()
    {
        var agreement = Agree();
        Close(new Reply(ReplyKind.Agreed, Agreement: agreement));
        _agreed.Writer.TryWrite(agreement);
    }

    private Agreement Agree()
    {
        var requests = _taken.Values.Select(seat => seat.Request).OrderBy(request => request.Member.Rank).ToList();
        var members = requests.Select(request => request.Member).ToArray();
        return new Agreement(
            requests.Max(request => request.LastRound) + 1,
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            members,
            StateChoice.Source(members),
            StateChoice.Checkpoint(members)
        );
    }

    private void Close(Reply? last)
    {
        if (_closed)
        {
            return;
        }

        if (last is not null)
        {
            TellAll(last);
        }

        _closed = true;
        foreach (var (_, replies) in _taken.Values)
        {
            replies.Writer.TryComplete();
        }
    }

    private void TellAll(Reply reply)
    {
        foreach (var (_, replies) in _taken.Values)
        {
            replies.Writer.TryWrite(reply);
        }
    }
}
