namespace CodeParrot.Distributed;

/// <summary>
/// How a rank finds the others. All ranks of an attempt hold the same values, but for <see cref="Rank"/>.
/// </summary>
public sealed record RendezvousOptions
{
    /// <summary>Fewest bytes of <see cref="Key"/>.</summary>
    public const int MinKeyBytes = 16;

    /// <summary>Name or address of rank 0, where the coordinator listens (<c>MASTER_ADDR</c>).</summary>
    public required string MasterAddress { get; init; }

    /// <summary>The coordinator's port (<c>MASTER_PORT</c>), 1 to 65535.</summary>
    public required int MasterPort { get; init; }

    /// <summary>This rank (<c>RANK</c>), 0 to <see cref="WorldSize"/> - 1.</summary>
    public required int Rank { get; init; }

    /// <summary>Number of ranks (<c>WORLD_SIZE</c>), at least 1.</summary>
    public required int WorldSize { get; init; }

    /// <summary>
    /// Fewest ranks to make a round of when the rest have not come within <see cref="Timeout"/>, rank 0 among them;
    /// null, the default, for all.
    /// </summary>
    public int? MinCount { get; init; }

    /// <summary>The UID of the run (<c>CODEPARROT_RUN_UID</c>).</summary>
    public required string RunUid { get; init; }

    /// <summary>The attempt (<c>CODEPARROT_ATTEMPT</c>), 0 or more.</summary>
    public required int Attempt { get; init; }

    /// <summary>
    /// Which of the attempt's pods of this rank this is (<c>CODEPARROT_POD_GENERATION</c>), from 0, the default: a
    /// replacement has a higher one than what it replaces, and takes its place.
    /// </summary>
    public int Generation { get; init; }

    /// <summary>Generations of the last round's members, by rank; empty, the default, if none.</summary>
    public IReadOnlyList<int> KnownGenerations { get; init; } = [];

    /// <summary>The secret of the attempt; every connection proves it before anything else is read from it.</summary>
    public required byte[] Key { get; init; }

    /// <summary>
    /// Address at which the other ranks reach this one's ring port; by default the local address of the connection to
    /// the coordinator, and <see cref="MasterAddress"/> for rank 0.
    /// </summary>
    public string? AdvertiseAddress { get; init; }

    /// <summary>How long to look for the other ranks; default 10 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a client may take to prove the key and to introduce itself; default 5 seconds.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the ring may take to connect once all ranks have joined; default 1 minute.</summary>
    public TimeSpan RingTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a collective may stand still before a peer counts as lost; default 5 minutes. It must be longer than
    /// the longest time that ranks may lie apart (an evaluation, a slow checkpoint). Closed connections and vanished
    /// hosts are noticed in seconds, without it.
    /// </summary>
    public TimeSpan CollectiveTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The number of the last round this rank was in; 0, the default, if none.</summary>
    public int LastRound { get; init; }

    /// <summary>All mistakes, each with field, remedy and value; empty when the options hold.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(MasterAddress))
        {
            yield return "MASTER_ADDR: must name the host of rank 0, was empty";
        }

        if (MasterPort is < 1 or > ushort.MaxValue)
        {
            yield return $"MASTER_PORT: must be 1 to 65535, was {MasterPort}";
        }

        if (WorldSize < 1)
        {
            yield return $"WORLD_SIZE: must be at least 1, was {WorldSize}";
        }

        if (Rank < 0 || Rank >= WorldSize)
        {
            yield return $"RANK: must be 0 to WORLD_SIZE - 1 = {WorldSize - 1}, was {Rank}";
        }

        if (MinCount < 1 || MinCount > WorldSize)
        {
            yield return $"workers.minCount: must be 1 to WORLD_SIZE = {WorldSize}, was {MinCount}";
        }

        if (string.IsNullOrEmpty(RunUid))
        {
            yield return "CODEPARROT_RUN_UID: must not be empty";
        }

        if (Attempt < 0)
        {
            yield return $"CODEPARROT_ATTEMPT: must be 0 or more, was {Attempt}";
        }

        if (Generation < 0)
        {
            yield return $"CODEPARROT_POD_GENERATION: must be 0 or more, was {Generation}";
        }

        if (Key is null || Key.Length < MinKeyBytes)
        {
            yield return $"rendezvous key: must have at least {MinKeyBytes} bytes, had {Key?.Length ?? 0}";
        }

        TimeSpan[] timeouts = [Timeout, HandshakeTimeout, RingTimeout, CollectiveTimeout];
        if (timeouts.Any(timeout => timeout <= TimeSpan.Zero))
        {
            yield return $"timeouts: must be above zero, were {string.Join(", ", timeouts)}";
        }
    }

    /// <summary>Throws all mistakes at once.</summary>
    /// <exception cref="ArgumentException">The options do not hold.</exception>
    internal void ThrowIfInvalid()
    {
        var mistakes = Validate().ToList();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", mistakes));
        }
    }

    /// <summary>The same without the key, which must not reach a log.</summary>
    public override string ToString() =>
        $"rank {Rank} of {WorldSize}, coordinator {MasterAddress}:{MasterPort}, run {RunUid}, attempt {Attempt}"
        + (Generation > 0 ? $", generation {Generation}" : "");
}
