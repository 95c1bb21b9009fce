using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Manifest;

/// <summary>A TrainingRun as a user writes it, without status.</summary>
public sealed record RunManifest
{
    /// <summary>Group and version of the resource.</summary>
    public const string CurrentApiVersion = "codeparrot.dev/v1alpha1";

    /// <summary>Kind of the resource.</summary>
    public const string CurrentKind = "TrainingRun";

    /// <summary>Always <see cref="CurrentApiVersion"/>.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary>Always <see cref="CurrentKind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Name, namespace, labels and annotations.</summary>
    public RunMetadata Metadata { get; init; } = new();

    /// <summary>What the run is to do.</summary>
    public RunSpec Spec { get; init; } = new();
}
