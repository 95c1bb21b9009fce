using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Scheduling;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Kubelet;

/// <summary>What a kubelet knows of one pod.</summary>
/// <param name="key">The pod.</param>
/// <param name="uid">Its UID.</param>
internal sealed class PodLife(ObjectKey key, string uid)
{
    public ObjectKey Key { get; } = key;

    public string Uid { get; } = uid;

    public SimulatedNode? Node { get; set; }

    /// <summary>Gets or sets the address; given to another pod once this one is gone.</summary>
    public string Address { get; set; } = "";

    public PodProcess? Process { get; set; }

    public ScheduledEvent? KillEvent { get; set; }

    /// <summary>Gets or sets whether SIGTERM was sent.</summary>
    public bool Stopping { get; set; }

    /// <summary>Gets or sets whether the object in the API server is gone.</summary>
    public bool Forgotten { get; set; }

    public bool IsRunning => Process is { HasEnded: false };

    /// <summary>Gets whether other pods and the operator reach its process.</summary>
    public bool IsReachable => IsRunning && Node is { IsReachable: true };
}
