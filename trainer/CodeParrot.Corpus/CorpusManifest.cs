using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus;

/// <summary>What <c>corpus.json</c> says; it is written last, so a prefix with it is complete.</summary>
public sealed record CorpusManifest
{
    /// <summary>The name of the object, below the corpus's prefix.</summary>
    public const string FileName = "corpus.json";

    /// <summary>The hash of the inputs, which names the corpus.</summary>
    public string Hash { get; init; } = "";

    /// <summary>The source as it was named.</summary>
    public string Source { get; init; } = "";

    /// <summary>What it was made from, and how.</summary>
    public CorpusInputs Inputs { get; init; } = new();

    /// <summary>What became of the documents.</summary>
    public CorpusCounts Counts { get; init; } = new();

    /// <summary>Kept documents by licence; the empty one is unknown.</summary>
    public IReadOnlyDictionary<string, long> Licenses { get; init; } = new Dictionary<string, long>();

    /// <summary>The first of the bad lines and files.</summary>
    public IReadOnlyList<BadInput> Bad { get; init; } = [];

    /// <summary>Shards to train on, in order.</summary>
    public IReadOnlyList<DocumentShardInfo> Train { get; init; } = [];

    /// <summary>The held-out shard; empty when nothing was held out.</summary>
    public IReadOnlyList<DocumentShardInfo> Validation { get; init; } = [];

    /// <summary>The version of the program that built it.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>When it was built.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Returns the shards of a split.</summary>
    public IReadOnlyList<DocumentShardInfo> ShardsOf(CorpusSplit split) =>
        split == CorpusSplit.Train ? Train : Validation;

    /// <summary>Returns the number of documents in a split.</summary>
    public long DocumentsOf(CorpusSplit split) => ShardsOf(split).Sum(shard => shard.Documents);
}
