using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Pods;

/// <summary>The environment of a pod: PyTorch's names and ours.</summary>
public static class PodEnvironment
{
    /// <summary>Variables by name; what is empty is left out.</summary>
    public static IReadOnlyDictionary<string, string> Of(PodSpec pod, PodPlaces places)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [EnvironmentNames.MasterAddress] = places.MasterAddress,
            [EnvironmentNames.MasterPort] = $"{places.MasterPort}",
            [EnvironmentNames.WorldSize] = $"{pod.WorldSize}",
            [EnvironmentNames.LocalWorldSize] = $"{pod.RanksPerPod}",
            [EnvironmentNames.PodIndex] = $"{pod.PodIndex}",
            [EnvironmentNames.PodGeneration] = pod.Generation > 0 ? $"{pod.Generation}" : "",
            [EnvironmentNames.Run] = pod.Run,
            [EnvironmentNames.Namespace] = pod.Namespace,
            [EnvironmentNames.RunUid] = pod.RunUid,
            [EnvironmentNames.Attempt] = $"{pod.Attempt}",
            [EnvironmentNames.Branch] = pod.Branch,
            [EnvironmentNames.StartFrom] = pod.StartFrom,
            [EnvironmentNames.SkipSteps] = pod.SkipSteps > 0 ? $"{pod.SkipSteps}" : "",
            [EnvironmentNames.RendezvousKeyFile] = places.KeyFile,
            [EnvironmentNames.WorkFolder] = places.WorkFolder,
            [EnvironmentNames.TerminationLog] = places.TerminationLog,
            [EnvironmentNames.HttpPort] = $"{places.HttpPort}",
            [EnvironmentNames.HttpPortFile] = places.HttpPortFile,
            [EnvironmentNames.StoreUri] = places.StoreUri,
            [EnvironmentNames.StoreCredentials] = places.CredentialsFolder,
            [EnvironmentNames.StoreCaBundle] = places.CaBundleFile,
            [EnvironmentNames.Threads] = places.Threads > 0 ? $"{places.Threads}" : "",
        };
        return variables.Where(v => v.Value.Length > 0).ToDictionary();
    }
}
