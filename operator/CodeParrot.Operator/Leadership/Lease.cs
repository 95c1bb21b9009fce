using System.Globalization;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Leadership;

/// <summary>Reads and writes the lease's object.</summary>
internal static class Lease
{
    // MicroTime: the server refuses other precisions.
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>Who holds it; empty for nobody.</summary>
    public static string HolderOf(JsonObject lease) => (string?)lease["spec"]?["holderIdentity"] ?? "";

    /// <summary>Its resource version.</summary>
    public static string VersionOf(JsonObject lease) => (string?)lease["metadata"]?["resourceVersion"] ?? "";

    /// <summary>How long its holder wants it to be left alone.</summary>
    public static TimeSpan DurationOf(JsonObject lease) =>
        TimeSpan.FromSeconds((int?)lease["spec"]?["leaseDurationSeconds"] ?? 0);

    /// <summary>A new lease.</summary>
    public static JsonObject Create(string ns, string name) =>
        new()
        {
            ["apiVersion"] = ResourceType.Leases.ApiVersion,
            ["kind"] = ResourceType.Leases.Kind,
            ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = name },
        };

    /// <summary>The lease with its holder's renewal; a new holder counts as a transition.</summary>
    public static JsonObject Renewed(JsonObject lease, string holder, TimeSpan duration, DateTimeOffset now)
    {
        var renewed = lease.DeepClone().AsObject();
        var old = lease["spec"] as JsonObject;
        var stamp = now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        var same = HolderOf(lease) == holder;
        renewed["spec"] = new JsonObject
        {
            ["holderIdentity"] = holder,
            ["leaseDurationSeconds"] = (int)Math.Ceiling(duration.TotalSeconds),
            ["acquireTime"] = same ? old?["acquireTime"]?.DeepClone() ?? stamp : stamp,
            ["renewTime"] = stamp,
            ["leaseTransitions"] = ((int?)old?["leaseTransitions"] ?? 0) + (same || old is null ? 0 : 1),
        };
        return renewed;
    }

    /// <summary>The lease with nobody as its holder, and one second to live: the next one need not wait.</summary>
    public static JsonObject Released(JsonObject lease)
    {
        var released = lease.DeepClone().AsObject();
        if (released["spec"] is JsonObject spec)
        {
            spec["holderIdentity"] = "";
            spec["leaseDurationSeconds"] = 1;
        }

        return released;
    }
}
