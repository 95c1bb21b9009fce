using System.Text.Json.Nodes;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Operator.Core.Scheduling;

/// <summary>The gang schedulers that there are.</summary>
public static class GangSchedulers
{
    /// <summary>The adapter of a kind.</summary>
    public static IGangScheduler Of(GangScheduler kind) =>
        kind switch
        {
            GangScheduler.None => new NoGang(),
            GangScheduler.Kueue => new KueueGang(),
            GangScheduler.Coscheduling => new CoschedulingGang(),
            GangScheduler.Volcano => new VolcanoGang(),
            GangScheduler.Native => new NativeGang(),
            _ => throw new System.Diagnostics.UnreachableException($"no adapter for the gang scheduler {kind}"),
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
