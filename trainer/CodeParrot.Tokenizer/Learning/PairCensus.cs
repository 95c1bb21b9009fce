namespace CodeParrot.Tokenizer.Learning;

/// <summary>Reads the pairs of a whole board.</summary>
internal static class PairCensus
{
    /// <summary>All pairs with their counts and numbers of places.</summary>
    public static PairTable Count(WordBoard board)
    {
        var pairs = new PairTable();
        for (int cell = 0; board.TryNextPair(ref cell, out ulong key); cell++)
        {
            ref Pair pair = ref pairs[pairs.GetOrAdd(key)];
            pair.Count += board.Count(cell);
            pair.Length++;
        }

        return pairs;
    }

    /// <summary>The pairs of a count that reach a threshold, with their places in rising order.</summary>
    public static PairTable Index(WordBoard board, PairTable all, long threshold, PlaceList places)
    {
        var pairs = new PairTable();
        places.Clear();
        for (int i = 0; i < all.Count; i++)
        {
            if (all[i].Count >= threshold)
            {
                int index = pairs.GetOrAdd(all[i].Key);
                pairs[index] = all[i] with { Start = places.Reserve(all[i].Length), Length = 0 };
            }
        }

        for (int cell = 0; board.TryNextPair(ref cell, out ulong key); cell++)
        {
            int index = pairs.Find(key);
            if (index >= 0)
            {
                ref Pair pair = ref pairs[index];
                places[pair.Start + pair.Length++] = cell;
            }
        }

        return pairs;
    }
}
