namespace CodeParrot.Corpus.Tokens;

/// <summary>How a corpus is encoded.</summary>
public sealed record EncoderOptions
{
    /// <summary>Threads that encode; at least 1. The shards do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>A training shard is closed once it holds this many tokens; at least 1.</summary>
    public long ShardTokens { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// True encodes the held-out split alone: the other is encoded when it is trained on, by
    /// <see cref="ShardEncoder"/>.
    /// </summary>
    public bool HeldOutOnly { get; init; }

    /// <summary>Where shards are written before they go to the store. The shards do not depend on it.</summary>
    public string WorkFolder { get; init; } = Path.GetTempPath();
}
