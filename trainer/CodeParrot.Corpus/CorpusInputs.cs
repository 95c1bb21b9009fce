using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using CodeParrot.Corpus.Decontamination;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Corpus;

/// <summary>All that decides about the bytes of a corpus; its hash is the corpus's name.</summary>
public sealed record CorpusInputs
{
    // Counts up when the same inputs would make other bytes.
    private const int PipelineVersion = 1;

    /// <summary>The version of the pipeline.</summary>
    public int Version { get; init; } = PipelineVersion;

    /// <summary>The source as it was named; the hash does not depend on it.</summary>
    [JsonIgnore]
    public string Source { get; init; } = "";

    /// <summary>What the objects hold, Auto resolved.</summary>
    public CorpusFormat Format { get; init; }

    /// <summary>How many objects are read.</summary>
    public long Objects { get; init; }

    /// <summary>Their sizes as stored, together.</summary>
    public long Bytes { get; init; }

    /// <summary>The digest of their keys, sizes and versions, in order.</summary>
    public string ListingDigest { get; init; } = "";

    /// <summary>The include pattern.</summary>
    public string Include { get; init; } = "";

    /// <summary>The filters.</summary>
    public FilterOptions Filters { get; init; } = new();

    /// <summary>Allowed licences, in order.</summary>
    public IReadOnlyList<string> AllowedLicenses { get; init; } = [];

    /// <summary>What happened to secrets, and by which rules; missing where they were kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secrets { get; init; }

    /// <summary>A digest of the benchmarks that are kept out; missing where none are named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Benchmarks { get; init; }

    /// <summary>Whether exact duplicates are dropped.</summary>
    public bool DeduplicateExact { get; init; }

    /// <summary>Which documents count as near duplicates; missing where they are not looked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NearDuplicateOptions? NearDuplicates { get; init; }

    /// <summary>Part of the documents held out.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>Bytes of text in a shard.</summary>
    public long ShardBytes { get; init; }

    /// <summary>The name of the corpus: 32 hexadecimal digits of the SHA-256 over the rest.</summary>
    [JsonIgnore]
    public string Hash =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, CorpusJson.Line)))[..32];

    internal static CorpusInputs Of(
        ISourceTree tree,
        SourceListing listing,
        CorpusOptions options,
        BenchmarkIndex? benchmarks
    ) =>
        new()
        {
            Source = tree.Uri,
            Format = listing.Format,
            Objects = listing.Objects,
            Bytes = listing.Bytes,
            ListingDigest = listing.Digest,
            Include = options.Include,
            Filters = options.Filters,
            AllowedLicenses = options.AllowedLicenses.Order(StringComparer.Ordinal).ToArray(),
            Secrets =
                options.Secrets == SecretHandling.Keep ? null : $"{options.Secrets}, rules {SecretFinder.RulesVersion}",
            Benchmarks = benchmarks?.Digest,
            DeduplicateExact = options.DeduplicateExact,
            NearDuplicates = options.NearDuplicates,
            ValidationFraction = options.ValidationFraction,
            ShardBytes = options.ShardBytes,
        };
}
