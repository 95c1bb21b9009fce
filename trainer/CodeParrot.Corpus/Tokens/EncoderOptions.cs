namespace CodeParrot.Corpus.Tokens;

/// <summary>How a corpus is encoded.</summary>
public sealed record EncoderOptions
{
    /// <summary>Threads that encode; at least 1. The shards do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>A training shard is closed once it holds this many tokens; at least 1.</summary>
    public long ShardTokens { get; init; } = 32 * 1024 * 1024;

    /// <summary>Where shards are written before they go to the store. The shards do not depend on it.</summary>
    public string WorkFolder { get; init; } = Path.GetTempPath();
}
