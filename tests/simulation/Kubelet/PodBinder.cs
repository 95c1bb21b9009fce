using System.Text.Json.Nodes;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.Kubelet;

/// <summary>Gives pods their nodes, as Kubernetes' scheduler does.</summary>
/// <param name="server">Where pods are.</param>
/// <param name="nodes">Where they can go.</param>
/// <param name="random">Draws delays and choices.</param>
/// <param name="bound">Called for a pod that has its node.</param>
internal sealed class PodBinder(SimulatedApiServer server, Nodes nodes, Random random, Action<PodLife> bound)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly List<PodLife> _bound = [];

    /// <summary>Gets or sets whether there is room for a pod at all.</summary>
    public Func<JsonObject, bool> HasRoom { get; set; } = _ => true;

    private Scheduler Scheduler => server.Scheduler;

    public void Queue(PodLife pod) =>
        Scheduler.After(TimeSpan.FromMilliseconds(50 + random.Next(1500)), () => Bind(pod));

    private void Bind(PodLife pod)
    {
        if (server.Store.Find(pod.Key) is not { IsDeleting: false } stored || stored.Uid != pod.Uid)
        {
            return;
        }

        _bound.RemoveAll(p => p.Forgotten || p.Process is { HasEnded: true });
        var avoided = Avoided(stored.Body);
        var free = nodes
            .All.Where(n => n.IsSchedulable && !avoided.Contains(n.Name) && _bound.Count(p => p.Node == n) < n.Slots)
            .ToList();
        var body = (JsonObject)stored.Body.DeepClone();
        if (free.Count == 0 || !HasRoom(stored.Body))
        {
            if (stored.Body.At("status", "conditions") is null)
            {
                PodStatus.Condition(body, "PodScheduled", "False", "Unschedulable", Scheduler.UtcNow);
                server.Store.Put(pod.Key, body);
            }

            Scheduler.After(Again, () => Bind(pod));
            return;
        }

        pod.Node = free[random.Next(free.Count)];
        _bound.Add(pod);
        body.Child("spec")["nodeName"] = pod.Node.Name;
        PodStatus.Condition(body, "PodScheduled", "True", "", Scheduler.UtcNow);
        server.Store.Put(pod.Key, body);
        bound(pod);
    }

    // Nodes that a required affinity excludes by name, the only affinity that the operator writes.
    private static HashSet<string> Avoided(JsonObject pod) =>
        pod.Objects(
                "spec",
                "affinity",
                "nodeAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms"
            )
            .SelectMany(t => t.Objects("matchExpressions").Concat(t.Objects("matchFields")))
            .Where(e => e.Text("operator") == "NotIn")
            .SelectMany(e => e.Texts("values"))
            .ToHashSet();
}
