using System.Text.Json.Serialization;
using CodeParrot.Corpus.Decontamination;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Corpus;

/// <summary>What became of the documents of a source.</summary>
public sealed record CorpusCounts
{
    /// <summary>Documents that were looked at: kept, dropped and bad together.</summary>
    public long Read { get; init; }

    /// <summary>Documents in the corpus, both splits.</summary>
    public long Kept { get; init; }

    /// <summary>Lines and files that could not be read.</summary>
    public long Bad { get; init; }

    /// <summary>Documents that were dropped, by reason; reasons that never applied are not listed.</summary>
    public IReadOnlyDictionary<DropReason, long> Dropped { get; init; } = new Dictionary<DropReason, long>();

    /// <summary>What the search for benchmarks found; missing where none were named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ContaminationCounts? Benchmarks { get; init; }

    /// <summary>What the search for secrets found; missing where they were not looked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SecretCounts? Secrets { get; init; }

    /// <summary>What the search for near duplicates found; missing where they were not looked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NearDuplicateCounts? NearDuplicates { get; init; }

    /// <summary>Bytes of the source, decompressed.</summary>
    public long SourceBytes { get; init; }

    /// <summary>Bytes of the kept texts in UTF-8.</summary>
    public long KeptBytes { get; init; }
}
