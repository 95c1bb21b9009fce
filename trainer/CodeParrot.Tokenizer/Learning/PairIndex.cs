namespace CodeParrot.Tokenizer.Learning;

/// <summary>
/// The pairs of neighbours on a board, kept up to date through merges, with the most frequent at hand.
/// <para>
/// A count only falls after the merge that made its pair: every new pair holds the newest token. So the pairs below a
/// threshold cannot matter before all others are used up, and are not kept at all. When they are needed, the
/// threshold falls and the board is read again: some five times in a training, against keeping millions of pairs that
/// occur once.
/// </para>
/// </summary>
internal sealed class PairIndex
{
    // Steps of 8, 16 and 64 take the same time on 150 MB of Python; 4 takes a tenth more.
    private const int ThresholdStep = 8;
    private const int FirstThresholdPart = 256;

    private readonly WordBoard _board;
    private readonly long _leastCount;
    private readonly Neighbours _left;
    private readonly Neighbours _right;
    private readonly List<(int Neighbour, int Place)> _newPlaces = [];
    private readonly PriorityQueue<int, (long Count, ulong Key)> _queue = new(new PairOrder());
    private readonly PlaceList _places = new();
    private PairTable _pairs = new();
    private long _threshold;

    /// <summary>An index of the pairs that occur at least <paramref name="leastCount"/> times (1 or more).</summary>
    public PairIndex(WordBoard board, int vocabularySize, long leastCount)
    {
        _board = board;
        _leastCount = leastCount;
        _left = new Neighbours(vocabularySize);
        _right = new Neighbours(vocabularySize);
        _threshold = long.MaxValue;
    }

    /// <summary>
    /// The most frequent pair, which must then be merged; none if all are rarer than the least count.
    /// </summary>
    public bool TryTakeBest(out Pair best)
    {
        while (true)
        {
            while (_queue.TryDequeue(out int index, out (long Count, ulong Key) priority))
            {
                long count = _pairs[index].Count;
                if (count == priority.Count)
                {
                    best = _pairs[index];
                    _pairs[index].Count = 0;
                    return true;
                }

                // Its count fell since it was queued.
                Offer(index);
            }

            if (_threshold <= _leastCount)
            {
                best = default;
                return false;
            }

            ReadBoard();
        }
    }

    /// <summary>Replaces a pair by a token everywhere.</summary>
    public void Merge(in Pair pair, int id)
    {
        (int left, int right) = (pair.Left, pair.Right);
        _board.Define(id, left, right);
        int leftLength = _board.TokenLength(left);
        for (int i = pair.Start; i < pair.Start + pair.Length; i++)
        {
            int cell = _places[i];
            if (_board[cell] == left && _board[cell + leftLength] == right)
            {
                MergeAt(cell, cell + leftLength, pair, id);
            }
        }

        Settle(pair, id);
    }

    private void MergeAt(int cell, int rightCell, in Pair pair, int id)
    {
        long count = _board.Count(cell);
        int before = _board.Before(cell);
        _board.Join(cell, rightCell, id);
        if (before >= 0)
        {
            if (before == id)
            {
                _right.Retract(pair.Left, count);
            }
            else
            {
                _left.Remove(before, count);
            }

            _left.Add(before, count);
            _newPlaces.Add((~before, cell - _board.TokenLength(before)));
        }

        int after = _board[cell + _board.TokenLength(id)];
        if (after >= 0)
        {
            _right.Remove(after, count);
            _right.Add(after, count);
            _newPlaces.Add((after, cell));
        }
    }

    /// <summary>Brings counts and lists of places up to date after all places of a pair were merged.</summary>
    private void Settle(in Pair pair, int id)
    {
        foreach (int before in _left.Touched)
        {
            Subtract(PairTable.Key(before, pair.Left), _left.Of(before).Removed);
            _left.SetCursor(before, Reserve(PairTable.Key(before, id), _left.Of(before)));
        }

        foreach (int after in _right.Touched)
        {
            Subtract(PairTable.Key(pair.Right, after), _right.Of(after).Removed);
            _right.SetCursor(after, Reserve(PairTable.Key(id, after), _right.Of(after)));
        }

        // Places come in rising order, so that every list is in rising order: runs like "aaa" merge from the left.
        foreach ((int neighbour, int place) in _newPlaces)
        {
            int cursor = neighbour < 0 ? _left.Advance(~neighbour) : _right.Advance(neighbour);
            if (cursor >= 0)
            {
                _places[cursor] = place;
            }
        }

        _newPlaces.Clear();
        _left.Clear();
        _right.Clear();
    }

    private void Subtract(ulong key, long count)
    {
        int index = count == 0 ? -1 : _pairs.Find(key);
        if (index >= 0)
        {
            _pairs[index].Count -= count;
        }
    }

    /// <summary>Adds a new pair with room for its places, if it is frequent enough.</summary>
    private int Reserve(ulong key, in Neighbours.Change change)
    {
        if (change.Added < _threshold)
        {
            return -1;
        }

        int index = _pairs.GetOrAdd(key);
        ref Pair pair = ref _pairs[index];
        pair.Count = change.Added;
        pair.Length = change.Places;
        pair.Start = _places.Reserve(change.Places);
        Offer(index);
        return pair.Start;
    }

    private void Offer(int index)
    {
        ref readonly Pair pair = ref _pairs[index];
        if (pair.Count >= _threshold)
        {
            _queue.Enqueue(index, (pair.Count, pair.Key));
        }
    }

    /// <summary>Lowers the threshold and indexes all pairs that reach it.</summary>
    private void ReadBoard()
    {
        PairTable all = PairCensus.Count(_board);
        long highest = 0;
        for (int i = 0; i < all.Count; i++)
        {
            highest = Math.Max(highest, all[i].Count);
        }

        bool isFirst = _threshold == long.MaxValue;
        long lower = isFirst ? highest / FirstThresholdPart : Math.Min(_threshold, highest) / ThresholdStep;
        _threshold = Math.Max(_leastCount, lower);
        _pairs = PairCensus.Index(_board, all, _threshold, _places);
        for (int i = 0; i < _pairs.Count; i++)
        {
            Offer(i);
        }
    }
}
