using CodeParrot.Api.Names;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>What a world has besides the run and its pods: small objects, and the run's part of the store.</summary>
internal sealed class Surroundings
{
    private readonly Dictionary<string, PodSpec> _specs = [];

    public HashSet<string> Snapshots { get; } = [];

    public HashSet<string> Keys { get; } = [];

    public bool HasNetwork { get; private set; }

    /// <summary>Attempts whose gang the scheduler knows.</summary>
    public HashSet<int> Gangs { get; } = [];

    /// <summary>True while evictions are held back.</summary>
    public bool BlocksEvictions { get; private set; }

    public DateTimeOffset BlocksSince { get; private set; }

    public bool NamespaceTerminating { get; set; }

    /// <summary>True while the store has objects of the run.</summary>
    public bool HasArtifacts { get; private set; }

    /// <summary>What the refs name.</summary>
    public string Main { get; private set; } = "";

    public PodSpec SpecOf(string pod) => _specs[pod];

    public bool Carry(PlanAction action, World world)
    {
        switch (action)
        {
            case EnsureSnapshot a:
                Snapshots.Add(a.Hash);
                break;
            case EnsureNetwork:
                HasNetwork = true;
                break;
            case EnsureRendezvousKey a:
                Keys.Add(a.Name);
                break;
            case EnsureGang:
                Gangs.Add(world.Status.Attempt);
                break;
            case ReleaseGang a:
                Gangs.Remove(a.Attempt);
                break;
            case SetDisruptionBudget a:
                BlocksEvictions = a.Blocks;
                BlocksSince = world.Now;
                break;
        }

        return true;
    }

    public void PodMade(PodSpec pod)
    {
        _specs[pod.Name] = pod;
        HasArtifacts |= pod.Stage != TaskNames.Cleanup;
    }

    public void PodEnded(PodObservation pod, int exitCode)
    {
        if (exitCode != 0)
        {
            return;
        }

        HasArtifacts &= pod.Stage != TaskNames.Cleanup;
        Main = pod.Stage switch
        {
            StageNames.Publish => "newest",
            TaskNames.Promote => _specs[pod.Name].Arguments[1],
            _ => Main,
        };
    }
}
