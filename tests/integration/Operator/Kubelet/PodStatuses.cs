using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Operator.Kubelet;

/// <summary>Statuses of pods as kubelets write them.</summary>
internal static class PodStatuses
{
    /// <summary>The status of a pod of one container.</summary>
    public static JsonObject Of(
        string address,
        string phase,
        JsonObject state,
        bool ready,
        (string Type, string Reason)? condition,
        string podReason
    )
    {
        var conditions = new JsonArray(Condition("PodScheduled", "True"), Condition("Ready", ready ? "True" : "False"));
        if (condition is { } more)
        {
            conditions.Add(Condition(more.Type, "True", more.Reason));
        }

        return new JsonObject
        {
            ["phase"] = phase,
            ["reason"] = podReason.Length > 0 ? podReason : null,
            ["hostIP"] = "127.0.0.1",
            ["podIP"] = address,
            ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address }),
            ["startTime"] = Time(),
            ["conditions"] = conditions,
            ["containerStatuses"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "trainer",
                    ["image"] = "registry.example.com/trainer:test",
                    ["imageID"] = "",
                    ["ready"] = ready,
                    ["restartCount"] = 0,
                    ["state"] = state,
                }
            ),
        };
    }

    /// <summary>Now, as Kubernetes writes it.</summary>
    public static string Time() => DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static JsonObject Condition(string type, string status, string reason = "") =>
        new()
        {
            ["type"] = type,
            ["status"] = status,
            ["reason"] = reason,
            ["lastTransitionTime"] = Time(),
        };
}
