using CodeParrot.Simulation.Tests.Kubelet;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.Faults;

/// <summary>
/// Nodes that are cut off for a while, or for good. Their processes may live on: a zombie that only the store's
/// fence keeps from doing harm.
/// </summary>
internal sealed class NodeFaults(
    Scheduler scheduler,
    Kubelets kubelets,
    FaultPlan faults,
    Random random,
    Action<PodLife> struck
)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    // Shorter than a cluster's 40 s and 5 min: so much more happens within a history.
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(20);

    public void Start() => scheduler.After(Interval * random.NextDouble(), Strike);

    private void Strike()
    {
        if (!faults.Active)
        {
            return;
        }

        var up = kubelets.Nodes.All.Where(n => n.IsReachable).ToList();
        if (up.Count > 2 && faults.Chance(2))
        {
            Lose(up[random.Next(up.Count)]);
        }

        scheduler.After(Interval * (0.5 + random.NextDouble()), Strike);
    }

    private void Lose(SimulatedNode node)
    {
        var dies = random.Next(2) == 0;
        scheduler.Tell("nodes", $"{node.Name} {(dies ? "dies" : "is cut off")}");
        node.IsReachable = node.IsSchedulable = false;
        foreach (var pod in kubelets.Pods.Where(p => p.Node == node).ToList())
        {
            struck(pod);
        }

        if (dies)
        {
            foreach (var pod in kubelets.Pods.Where(p => p.Node == node).ToList())
            {
                pod.Process?.Kill("");
            }
        }

        var outage = TimeSpan.FromSeconds(3 + random.Next(120));
        scheduler.After(Noticed, () => Notice(node));
        scheduler.After(outage, () => End(node, forGood: dies && random.Next(2) == 0));
    }

    private void Notice(SimulatedNode node)
    {
        if (!node.IsReachable)
        {
            kubelets.Nodes.Report(node);
            scheduler.After(Tolerated, () => Evict(node));
        }
    }

    private void Evict(SimulatedNode node)
    {
        if (node.IsReachable || node.IsGone)
        {
            return;
        }

        foreach (var pod in kubelets.Pods.Where(p => p.Node == node && !p.Forgotten).ToList())
        {
            kubelets.Disrupt(pod, "DeletionByTaintManager");
        }
    }

    private void End(SimulatedNode node, bool forGood)
    {
        if (forGood)
        {
            scheduler.Tell("nodes", $"{node.Name} is removed");
            kubelets.Nodes.Remove(node);
            kubelets.Collect(node);
            kubelets.Nodes.Add(node.Slots);
            return;
        }

        scheduler.Tell("nodes", $"{node.Name} is back");
        node.IsReachable = node.IsSchedulable = true;
        kubelets.Nodes.Report(node);
        kubelets.Catchup(node);
    }
}
