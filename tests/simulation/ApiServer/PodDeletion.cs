using System.Text.Json.Nodes;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>How long a pod may take to go.</summary>
internal static class PodDeletion
{
    /// <summary>Grace in whole seconds that a deletion gives; 0 removes the object at once.</summary>
    public static long Grace(JsonObject pod, TimeSpan? asked)
    {
        // Nobody is there to say that it stopped: it never ran, or it is over.
        if (pod.Text("spec", "nodeName").Length == 0 || pod.Text("status", "phase") is "Succeeded" or "Failed")
        {
            return 0;
        }

        var own = pod.Number("spec", "terminationGracePeriodSeconds") ?? 30;
        return asked is { } grace ? (long)Math.Ceiling(grace.TotalSeconds) : own;
    }
}
