namespace CodeParrot.Api.Names;

/// <summary>Finalizers that the operator puts on a run.</summary>
public static class FinalizerNames
{
    /// <summary>
    /// Holds a run until its objects are deleted from the store; only with <c>retainArtifacts: false</c>.
    /// </summary>
    public const string Artifacts = "codeparrot.dev/artifacts";
}
