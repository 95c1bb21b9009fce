using CodeParrot.Api.Resources;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>
/// Names of a run's objects. A run's name has at most 40 characters, so that all of them are DNS labels.
/// </summary>
public static class ObjectNames
{
    private const int HashLength = 12;
    private const int UidLength = 8;

    /// <summary>The headless Service, the NetworkPolicy and the PodDisruptionBudget.</summary>
    public static string Pods(string run) => $"{run}-pods";

    /// <summary>The ConfigMap of a snapshot.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="hash">Hash of the snapshot.</param>
    public static string Snapshot(string run, string hash) => $"{run}-{hash[..Math.Min(HashLength, hash.Length)]}";

    /// <summary>
    /// The gang of an attempt. A group's name must never come back, not even with a re-created run of the same name.
    /// </summary>
    public static string Gang(TrainingRun run, int attempt)
    {
        var uid = run.Metadata.Uid;
        return $"{run.Metadata.Name}-{uid[..Math.Min(UidLength, uid.Length)]}-a{attempt}";
    }
}
