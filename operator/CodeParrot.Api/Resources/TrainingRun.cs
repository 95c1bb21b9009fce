using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Resources;

/// <summary>The resource <c>trainingruns.codeparrot.dev</c>, v1alpha1: what a user wants, and how far it is.</summary>
public sealed record TrainingRun
{
    /// <summary>Always <see cref="RunManifest.CurrentApiVersion"/>.</summary>
    public string ApiVersion { get; init; } = RunManifest.CurrentApiVersion;

    /// <summary>Always <see cref="RunManifest.CurrentKind"/>.</summary>
    public string Kind { get; init; } = RunManifest.CurrentKind;

    /// <summary>Name, namespace, UID and versions.</summary>
    public ObjectMetadata Metadata { get; init; } = new();

    /// <summary>What the run is to do.</summary>
    public RunSpec Spec { get; init; } = new();

    /// <summary>How far it is; written by the operator alone.</summary>
    public RunStatus Status { get; init; } = new();

    /// <summary>The run as its user writes it, without what the cluster adds.</summary>
    public RunManifest ToManifest() =>
        new()
        {
            ApiVersion = ApiVersion,
            Kind = Kind,
            Metadata = new RunMetadata
            {
                Name = Metadata.Name,
                Namespace = Metadata.Namespace,
                // The one annotation that a trainer reads.
                Annotations = Metadata.Annotations.Where(a => a.Key == AnnotationNames.AdoptStore).ToDictionary(),
            },
            Spec = Spec,
        };
}
