using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Kubelet;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.Faults;

/// <summary>Pods that are killed, evicted, drained, or deleted by impatient people.</summary>
internal sealed class PodFaults(SimulatedApiServer server, Kubelets kubelets, Random random, Action<PodLife> struck)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(40);

    private Scheduler Scheduler => server.Scheduler;

    public void Start() => Scheduler.After(Interval * random.NextDouble(), Strike);

    private void Strike()
    {
        if (!server.Faults.Active)
        {
            return;
        }

        var pods = kubelets.Pods.Where(p => !p.Forgotten && p.IsReachable && p.Key.Type == ResourceType.Pods).ToList();
        if (pods.Count > 0)
        {
            Hit(pods[random.Next(pods.Count)]);
        }

        Scheduler.After(Interval * (0.5 + random.NextDouble()), Strike);
    }

    private void Hit(PodLife pod)
    {
        var kind = random.Next(6);
        string[] kinds =
        [
            "is killed",
            "runs out of memory",
            "is evicted",
            "is drained",
            "is deleted",
            "is deleted by force",
        ];
        Scheduler.Tell("fault", $"{pod.Key.Name} {kinds[kind]}");
        switch (kind)
        {
            case 0:
                Kubelets.KillContainer(pod, "");
                break;
            case 1:
                Kubelets.KillContainer(pod, "OOMKilled");
                break;
            case 2:
                struck(pod);
                kubelets.Evict(pod);
                break;
            case 3:
                kubelets.Disrupt(pod, "EvictionByEvictionAPI");
                break;
            default:
                server.Writer.Delete(pod.Key, pod.Uid, kind == 4 ? null : TimeSpan.Zero);
                break;
        }
    }
}
