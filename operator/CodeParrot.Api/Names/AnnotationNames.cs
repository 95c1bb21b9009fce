using CodeParrot.Contract.Manifest;

namespace CodeParrot.Api.Names;

/// <summary>Annotations that a user or the operator sets.</summary>
public static class AnnotationNames
{
    /// <summary>On a pod: hash of the snapshot it runs with.</summary>
    public const string SpecHash = "codeparrot.dev/spec-hash";

    /// <summary>On a run: <c>true</c> lets a deletion leave the run's objects in the store behind.</summary>
    public const string SkipCleanup = "codeparrot.dev/skip-cleanup";

    /// <summary>On a run: <c>true</c> lets it take over a prefix of the store that another UID owns.</summary>
    public const string AdoptStore = RunMetadata.AdoptStoreAnnotation;
}
