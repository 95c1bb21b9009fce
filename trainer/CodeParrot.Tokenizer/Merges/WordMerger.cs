namespace CodeParrot.Tokenizer.Merges;

/// <summary>
/// Applies merges to one word: the best rank first, and of equal ranks the leftmost. Keeps its buffers, so that a
/// word costs no allocation. Not for several threads at once.
/// </summary>
internal sealed class WordMerger(MergeTable merges)
{
    // Up to here a plain search for the best pair beats the heap (words of source code have some 5 tokens).
    private const int ShortWord = 48;

    private readonly RankHeap _heap = new();
    private int[] _ids = new int[ShortWord];
    private int[] _ranks = new int[ShortWord];
    private int[] _next = [];
    private int[] _previous = [];

    /// <summary>Merges a word that is given as one token a byte.</summary>
    /// <param name="word">The bytes.</param>
    /// <param name="byteIds">The token of each byte value.</param>
    /// <returns>The tokens; valid until the next call.</returns>
    public ReadOnlySpan<int> Merge(ReadOnlySpan<byte> word, int[] byteIds)
    {
        if (_ids.Length < word.Length)
        {
            _ids = new int[Math.Max(word.Length, _ids.Length * 2)];
        }

        for (int i = 0; i < word.Length; i++)
        {
            _ids[i] = byteIds[word[i]];
        }

        int count = word.Length <= ShortWord ? MergeShort(word.Length) : MergeLong(word.Length);
        return _ids.AsSpan(0, count);
    }

    private int MergeShort(int count)
    {
        Span<int> ids = _ids;
        Span<int> ranks = _ranks;
        for (int i = 0; i + 1 < count; i++)
        {
            ranks[i] = merges.Rank(ids[i], ids[i + 1], out _);
        }

        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i < count - 1; i++)
            {
                if (ranks[i] < ranks[best])
                {
                    best = i;
                }
            }

            if (ranks[best] == MergeTable.NoMerge)
            {
                break;
            }

            merges.Rank(ids[best], ids[best + 1], out ids[best]);
            count--;
            ids[(best + 2)..(count + 1)].CopyTo(ids[(best + 1)..]);
            if (best + 1 < count)
            {
                ranks[(best + 2)..count].CopyTo(ranks[(best + 1)..]);
                ranks[best] = merges.Rank(ids[best], ids[best + 1], out _);
            }

            if (best > 0)
            {
                ranks[best - 1] = merges.Rank(ids[best - 1], ids[best], out _);
            }
        }

        return count;
    }

    private int MergeLong(int count)
    {
        if (_next.Length < count)
        {
            _next = new int[_ids.Length];
            _previous = new int[_ids.Length];
        }

        for (int i = 0; i < count; i++)
        {
            _next[i] = i + 1;
            _previous[i] = i - 1;
            Offer(i, count);
        }

        while (_heap.TryPop(out int rank, out int position))
        {
            int right = _next[position];
            // A position that was merged away holds -1; one whose pair changed has another rank.
            if (_ids[position] < 0 || right >= count || merges.Rank(_ids[position], _ids[right], out int id) != rank)
            {
                continue;
            }

            _ids[position] = id;
            _ids[right] = -1;
            int after = _next[right];
            _next[position] = after;
            if (after < count)
            {
                _previous[after] = position;
            }

            Offer(position, count);
            if (_previous[position] >= 0)
            {
                Offer(_previous[position], count);
            }
        }

        return Compact(count);
    }

    private void Offer(int position, int count)
    {
        int right = _next[position];
        if (right < count)
        {
            int rank = merges.Rank(_ids[position], _ids[right], out _);
            if (rank != MergeTable.NoMerge)
            {
                _heap.Push(rank, position);
            }
        }
    }

    private int Compact(int count)
    {
        int kept = 0;
        for (int i = 0; i < count; i = _next[i])
        {
            _ids[kept++] = _ids[i];
        }

        return kept;
    }
}
