namespace CodeParrot.Api.Names;

/// <summary>Labels on everything that the operator makes.</summary>
public static class LabelNames
{
    /// <summary>Kubernetes' recommended label for the application.</summary>
    public const string Name = "app.kubernetes.io/name";

    /// <summary>Kubernetes' recommended label for the instance: the run.</summary>
    public const string Instance = "app.kubernetes.io/instance";

    /// <summary>Kubernetes' recommended label for the part of the application: the stage.</summary>
    public const string Component = "app.kubernetes.io/component";

    /// <summary>Kubernetes' recommended label; its value is <see cref="ManagedByValue"/>.</summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>Value of <see cref="ManagedBy"/>.</summary>
    public const string ManagedByValue = "codeparrot";

    /// <summary>Name of the run.</summary>
    public const string Run = "codeparrot.dev/run";

    /// <summary>UID of the run.</summary>
    public const string RunUid = "codeparrot.dev/run-uid";

    /// <summary>Stage of a pod.</summary>
    public const string Stage = "codeparrot.dev/stage";

    /// <summary>Attempt of a pod.</summary>
    public const string Attempt = "codeparrot.dev/attempt";

    /// <summary>Index of a pod in its gang.</summary>
    public const string PodIndex = "codeparrot.dev/pod-index";

    /// <summary>Replacements of the attempt before the pod was made; on replacements alone.</summary>
    public const string Generation = "codeparrot.dev/generation";
}
