using CodeParrot.Api.Resources;
using k8s;

namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>What is looked at.</summary>
/// <param name="Place">The cluster.</param>
/// <param name="Run">The run that is to work there, of the cluster or of a file; null for any run.</param>
internal sealed record Patient(ClusterPlace Place, TrainingRun? Run)
{
    /// <summary>The client.</summary>
    public IKubernetes Client => Place.Connection.Client;

    /// <summary>Namespace of runs.</summary>
    public string Namespace => Run?.Metadata.Namespace ?? Place.Connection.Namespace;
}
