using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>Names of pods in DNS.</summary>
public static class PodAddress
{
    /// <summary>
    /// Hostname of a pod of the same stage and attempt: no rank of an earlier attempt ever answers to it.
    /// </summary>
    public static string Hostname(PodSpec pod, int podIndex) => $"{pod.Stage}-a{pod.Attempt}-{podIndex}";

    /// <summary>Name under which the other pods find the attempt's first one.</summary>
    /// <param name="pod">Any pod of the attempt.</param>
    /// <param name="clusterDomain">The cluster's domain; empty if it is not known.</param>
    public static string Master(PodSpec pod, string clusterDomain)
    {
        var name = $"{Hostname(pod, 0)}.{ObjectNames.Pods(pod.Run)}.{pod.Namespace}.svc";
        // With the dot at its end the name is asked for as it is; without, each of the search domains is tried first.
        return clusterDomain.Length > 0 ? $"{name}.{clusterDomain.Trim('.')}." : name;
    }
}
