using System.Text.Json.Nodes;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Kubelet;

/// <summary>Pod statuses as a kubelet writes them.</summary>
internal static class PodStatus
{
    public static void Condition(JsonObject pod, string type, string status, string reason, DateTimeOffset now)
    {
        var all = pod.Child("status");
        var kept = all.Objects("conditions").Where(c => c.Text("type") != type).Select(c => c.DeepClone());
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["reason"] = reason,
            ["lastTransitionTime"] = JsonReading.Date(now),
        };
        all["conditions"] = new JsonArray([.. kept, condition]);
    }

    public static void Waiting(JsonObject pod, string reason) =>
        Container(pod, new JsonObject { ["waiting"] = new JsonObject { ["reason"] = reason } });

    public static void Running(JsonObject pod, string address, DateTimeOffset now)
    {
        var status = pod.Child("status");
        status["phase"] = "Running";
        status["podIP"] = address;
        status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
        status["startTime"] = JsonReading.Date(now);
        Condition(pod, "Ready", "True", "", now);
        Container(pod, new JsonObject { ["running"] = new JsonObject { ["startedAt"] = JsonReading.Date(now) } });
    }

    public static void Terminated(JsonObject pod, ProcessEnd end, DateTimeOffset now)
    {
        var status = pod.Child("status");
        status["phase"] = end.ExitCode == 0 ? "Succeeded" : "Failed";
        Condition(pod, "Ready", "False", "PodCompleted", now);
        var terminated = new JsonObject
        {
            ["exitCode"] = end.ExitCode,
            ["reason"] =
                end.Reason.Length > 0 ? end.Reason
                : end.ExitCode == 0 ? "Completed"
                : "Error",
            ["startedAt"] = JsonReading.Date(now),
            ["finishedAt"] = JsonReading.Date(now),
        };
        if (end.Message.Length > 0)
        {
            terminated["message"] = end.Message;
        }

        Container(pod, new JsonObject { ["terminated"] = terminated });
    }

    /// <summary>A pod that its kubelet or the control plane gave up: its containers say nothing.</summary>
    public static void Failed(JsonObject pod, string reason, string message)
    {
        var status = pod.Child("status");
        status["phase"] = "Failed";
        status["reason"] = reason;
        status["message"] = message;
    }

    private static void Container(JsonObject pod, JsonObject state)
    {
        var name = pod.Objects("spec", "containers").First().Text("name");
        pod.Child("status")["containerStatuses"] = new JsonArray(
            new JsonObject
            {
                ["name"] = name,
                ["ready"] = state.ContainsKey("running"),
                ["restartCount"] = 0,
                ["state"] = state,
            }
        );
    }
}
