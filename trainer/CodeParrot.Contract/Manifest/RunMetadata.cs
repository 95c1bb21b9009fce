namespace CodeParrot.Contract.Manifest;

/// <summary>The metadata of a TrainingRun that a user sets.</summary>
public sealed record RunMetadata
{
    /// <summary>Annotation that lets a run take over a prefix of the store that another UID owns.</summary>
    public const string AdoptStoreAnnotation = "codeparrot.dev/adopt-store";

    /// <summary>A DNS-1035 label of at most 40 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>The run's namespace.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
