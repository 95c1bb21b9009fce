using CodeParrot.Contract.Spec;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>What the operator's own settings say about the objects that it makes; bound once, in its host.</summary>
public sealed record ManifestOptions
{
    /// <summary>Image of the trainer, where a run names none.</summary>
    public string Image { get; init; } = "";

    /// <summary>When a node fetches the image; null leaves it to Kubernetes.</summary>
    public ImagePullPolicy? ImagePullPolicy { get; init; }

    /// <summary>Resources of pods whose run names none.</summary>
    public ResourcesSpec Resources { get; init; } = new();

    /// <summary>User and group that pods run as; not 0. It is a number, so that the kubelet can see that.</summary>
    public int UserId { get; init; } = 65532;

    /// <summary>Port of rank 0's coordinator.</summary>
    public int MasterPort { get; init; } = 29500;

    /// <summary>Port of /progress, /metrics and /healthz of every pod.</summary>
    public int HttpPort { get; init; } = 9400;

    /// <summary>The cluster's DNS domain, as in <c>cluster.local</c>; empty if it is not known.</summary>
    public string ClusterDomain { get; init; } = "";

    /// <summary>
    /// Name of the scheduler that has the coscheduling plugin; by default that of scheduler-plugins' own chart.
    /// </summary>
    public string Coscheduler { get; init; } = "scheduler-plugins-scheduler";

    /// <summary>Who may read progress and metrics: the operator, and what scrapes.</summary>
    public IReadOnlyList<MetricsPeer> MetricsPeers { get; init; } = [];

    /// <summary>Every mistake.</summary>
    public IEnumerable<string> Validate()
    {
        if (Image.Length == 0)
        {
            yield return "image: must name the trainer's image";
        }

        if (UserId < 1)
        {
            yield return $"user-id: must be at least 1, was {UserId}";
        }

        foreach (var (name, port) in new[] { ("master-port", MasterPort), ("http-port", HttpPort) })
        {
            // A user other than root may not listen below.
            if (port is < 1024 or > 65535)
            {
                yield return $"{name}: must be 1024 to 65535, was {port}";
            }
        }

        if (MasterPort == HttpPort)
        {
            yield return $"http-port: must be another one than master-port, was {HttpPort}";
        }
    }
}
