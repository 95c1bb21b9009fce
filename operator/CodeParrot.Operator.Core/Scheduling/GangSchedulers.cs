using System.Text.Json.Nodes;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Operator.Core.Scheduling;

/// <summary>The gang schedulers that there are.</summary>
public static class GangSchedulers
{
    /// <summary>The adapter of a kind.</summary>
    /// <exception cref="NotSupportedException">No accepted run names this one.</exception>
    public static IGangScheduler Of(GangScheduler kind) =>
        kind switch
        {
            GangScheduler.None => new NoGang(),
            GangScheduler.Kueue => new KueueGang(),
            GangScheduler.Volcano => new VolcanoGang(),
            _ => throw new NotSupportedException($"gang scheduler {kind} is not supported by this version"),
        };

    /// <summary>Sets an entry of a pod's labels or annotations.</summary>
    internal static void Mark(JsonObject manifest, string map, string key, string value)
    {
        var metadata = manifest["metadata"]!.AsObject();
        if (metadata[map] is not JsonObject entries)
        {
            metadata[map] = entries = [];
        }

        entries[key] = value;
    }
}
