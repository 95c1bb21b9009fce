using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Secrets;

namespace CodeParrot.Corpus;

/// <summary>Which documents make the corpus, and how it is built.</summary>
public sealed record CorpusOptions
{
    /// <summary>What the objects of the source hold.</summary>
    public CorpusFormat Format { get; init; } = CorpusFormat.Auto;

    /// <summary>
    /// Pattern on names (<c>*.py</c>) or, with a slash, on paths; for files and for the paths in JSON lines.
    /// </summary>
    public string Include { get; init; } = "*.py";

    /// <summary>Rules a document must pass.</summary>
    public FilterOptions Filters { get; init; } = new();

    /// <summary>Licences a document may have, such as <c>mit</c>; empty allows any.</summary>
    public IReadOnlyList<string> AllowedLicenses { get; init; } = [];

    /// <summary>What happens to secrets and personal data in texts.</summary>
    public SecretHandling Secrets { get; init; }

    /// <summary>
    /// True keeps the first of documents that are equal but for white space. Ready-made ids are never dropped.
    /// </summary>
    public bool DeduplicateExact { get; init; } = true;

    /// <summary>
    /// Which documents count as near duplicates, of which the first of each group is kept; missing keeps all. Their
    /// texts and sketches wait in the work folder. Ready-made ids are never dropped.
    /// </summary>
    public NearDuplicateOptions? NearDuplicates { get; init; }

    /// <summary>Part of the documents held out, 0 to 0.5.</summary>
    public double ValidationFraction { get; init; } = 0.005;

    /// <summary>Bad lines and files that are skipped before the build gives up; at least 0.</summary>
    public int MaxBadDocuments { get; init; } = 1000;

    /// <summary>A document shard is closed once it holds this many bytes of text; at least 1.</summary>
    public long ShardBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Workers that build the corpus together; at least 1. The corpus does not depend on it.</summary>
    public int WorkerCount { get; init; } = 1;

    /// <summary>Which of them this is, from 0; the first puts together what all made.</summary>
    public int WorkerIndex { get; init; }

    /// <summary>
    /// Bytes of the source, as stored, that a worker reads at least before it stores what it made of them; at least 1.
    /// An object is never cut. The corpus does not depend on it.
    /// </summary>
    public long PieceBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>Threads that read and judge; at least 1. The corpus does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where shards are written before they go to the store. The corpus does not depend on it.</summary>
    public string WorkFolder { get; init; } = Path.GetTempPath();

    /// <summary>Yields every mistake, with its field.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var mistake in Filters.Validate())
            yield return mistake;
        foreach (var mistake in NearDuplicates?.Validate() ?? [])
            yield return mistake;
        if (!(ValidationFraction >= 0 && ValidationFraction <= 0.5))
            yield return $"validationFraction: must be from 0 to 0.5, was {ValidationFraction}";
        if (MaxBadDocuments < 0)
            yield return $"maxBadDocuments: must be at least 0, was {MaxBadDocuments}";
        if (ShardBytes < 1)
            yield return $"shardBytes: must be at least 1, was {ShardBytes}";
        if (PieceBytes < 1)
            yield return $"pieceBytes: must be at least 1, was {PieceBytes}";
        if (WorkerCount < 1)
            yield return $"workerCount: must be at least 1, was {WorkerCount}";
        else if (WorkerIndex < 0 || WorkerIndex >= WorkerCount)
            yield return $"workerIndex: must be from 0 to {WorkerCount - 1}, was {WorkerIndex}";
        if (Threads < 1)
            yield return $"threads: must be at least 1, was {Threads}";
    }
}
