using System.Globalization;

namespace CodeParrot.Distributed.Ring;

/// <summary>
/// Who waits for whom, as far as one rank has heard. Reports travel against the data, from each rank to the one before
/// it: so the ranks after this one are heard up to the first that does not pass on, which is the one to blame.
/// </summary>
internal static class WaitDump
{
    // A message of a thousand equal clauses would push everything else out of a termination message.
    private const int MostRanks = 16;

    /// <summary>The first rank, going on from the next one, that has not been heard.</summary>
    public static int FirstUnheard(RingSeat seat, IReadOnlyDictionary<int, HeardRank> heard)
    {
        var rank = seat.Next;
        while (rank != seat.Previous && heard.ContainsKey(rank))
        {
            rank = (rank + 1) % seat.WorldSize;
        }

        return rank;
    }

    /// <summary>One clause a rank: this one, those heard, the one that was not, those that stand behind it.</summary>
    public static string Write(
        RingSeat seat,
        HeardRank own,
        IReadOnlyDictionary<int, HeardRank> heard,
        DateTimeOffset now
    )
    {
        var silent = FirstUnheard(seat, heard);
        var clauses = new List<string> { Clause($"rank {seat.Rank} (this one)", own, now) };
        // The rank after the silent one waits for it; those nearest to it say most.
        var others = Enumerable
            .Range(1, seat.WorldSize - 1)
            .Select(distance => (silent + distance) % seat.WorldSize)
            .Where(rank => rank != seat.Rank && heard.ContainsKey(rank))
            .ToList();
        clauses.AddRange(others.Take(MostRanks).Select(rank => Clause($"rank {rank}", heard[rank], now)));
        if (others.Count > MostRanks)
        {
            clauses.Add($"{others.Count - MostRanks} more ranks wait too");
        }

        if (!heard.ContainsKey(silent))
        {
            clauses.Add($"rank {silent} was not heard: it did not come to this collective, or hangs");
        }

        var behind = Enumerable
            .Range(0, seat.WorldSize)
            .Where(rank => rank != seat.Rank && rank != silent && !heard.ContainsKey(rank))
            .ToList();
        if (behind.Count > 0)
        {
            var names = string.Join(", ", behind.Take(MostRanks)) + (behind.Count > MostRanks ? ", …" : "");
            clauses.Add($"beyond it, not to be heard from here: {names}");
        }

        return string.Join("; ", clauses);
    }

    private static string Clause(string who, HeardRank waiting, DateTimeOffset now) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{who} is in {waiting.Call.Describe()} since {waiting.Since:HH:mm:ss} UTC "
                + $"({(now - waiting.Since).TotalSeconds:0.#} s) and waits for rank {waiting.WaitsFor}"
        );
}
