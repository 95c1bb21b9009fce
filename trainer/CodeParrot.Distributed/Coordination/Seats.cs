using System.Security.Cryptography;
using System.Threading.Channels;

namespace CodeParrot.Distributed.Coordination;

/// <summary>
/// Who has come. Each rank that is in has a queue of replies, which its connection sends on. When the last rank comes,
/// the round is made and all get it; ranks may leave and come again until then.
/// </summary>
internal sealed class Seats(int worldSize)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, (JoinRequest Request, Channel<Reply> Replies)> _taken = [];
    private readonly Channel<Agreement> _agreed = Channel.CreateBounded<Agreement>(1);
    private bool _closed;

    /// <summary>Gets the agreement when it is made.</summary>
    public ChannelReader<Agreement> Agreed => _agreed.Reader;

    /// <summary>Lets a rank in; null if a living process has its place or the round is made.</summary>
    public ChannelReader<Reply>? Take(JoinRequest request)
    {
        lock (_gate)
        {
            var replies = Channel.CreateUnbounded<Reply>();
            if (_closed || !_taken.TryAdd(request.Member.Rank, (request, replies)))
            {
                return null;
            }

            if (_taken.Count == worldSize)
            {
                var agreement = Agree();
                Close(new Reply(ReplyKind.Agreed, Agreement: agreement));
                _agreed.Writer.TryWrite(agreement);
            }
            else
            {
                TellAll(new Reply(ReplyKind.Waiting, Missing: MissingRanks()));
            }

            return replies.Reader;
        }
    }

    /// <summary>Takes a rank out whose connection has ended; without effect once the round is made.</summary>
    public void Leave(int rank)
    {
        lock (_gate)
        {
            if (!_closed && _taken.Remove(rank))
            {
                TellAll(new Reply(ReplyKind.Waiting, Missing: MissingRanks()));
            }
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
