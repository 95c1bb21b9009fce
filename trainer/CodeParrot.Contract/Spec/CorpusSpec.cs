namespace CodeParrot.Contract.Spec;

/// <summary>The corpus stage: which documents are read, and which are kept.</summary>
public sealed record CorpusSpec
{
    /// <summary>Where the documents are.</summary>
    public CorpusSourceSpec Source { get; init; } = new();

    /// <summary>Pattern on file names (<c>*.py</c>) or, with a slash, on paths (<c>lib/**/*.py</c>).</summary>
    public string Include { get; init; } = "*.py";

    /// <summary>Rules a document must pass.</summary>
    public FiltersSpec Filters { get; init; } = new();

    /// <summary>Licences a document may have; empty allows any.</summary>
    public LicensesSpec Licenses { get; init; } = new();

    /// <summary>Which duplicates are dropped.</summary>
    public DeduplicateSpec Deduplicate { get; init; } = new();

    /// <summary>What happens to secrets and personal data found in documents.</summary>
    public SecretsPolicy Secrets { get; init; } = SecretsPolicy.Keep;

    /// <summary>
    /// Benchmarks whose problems no document may hold: URIs of JSON lines in HumanEval's fields, or of texts, one a
    /// line.
    /// </summary>
    public IReadOnlyList<string> Decontaminate { get; init; } = [];

    /// <summary>Part of the documents held out for evaluation, 0 to 0.5.</summary>
    public double ValidationFraction { get; init; } = 0.005;

    /// <summary>Bad lines or documents that are skipped, and counted, before the stage gives up.</summary>
    public int MaxBadDocuments { get; init; } = 1000;

    /// <summary>Pods of the corpus stage, at least 1.</summary>
    public int Workers { get; init; } = 1;
}
