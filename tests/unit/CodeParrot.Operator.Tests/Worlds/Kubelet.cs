using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Tests.Worlds;

/// <summary>Starts every pod at once, and lets it succeed a little later.</summary>
internal static class Kubelet
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(MemoryServer server, VirtualTime time, CancellationToken stop, bool ends = true)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var pod in server.All(ResourceType.Pods).ToList())
            {
                var name = (string)pod["metadata"]!["name"]!;
                switch ((string?)pod["status"]?["phase"])
                {
                    case null:
                        server.Edit(ResourceType.Pods, name, p => p["status"] = Running());
                        break;
                    case "Running" when ends:
                        server.Edit(ResourceType.Pods, name, p => p["status"] = Ended(time, 0));
                        break;
                }
            }

            await Task.Delay(Tick, time, default);
        }
    }

    public static JsonObject Running() =>
        new()
        {
            ["phase"] = "Running",
            ["podIP"] = "10.0.0.1",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "PodScheduled", ["status"] = "True" }),
            ["containerStatuses"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "trainer",
                    ["state"] = new JsonObject { ["running"] = new JsonObject() },
                }
            ),
        };

    public static JsonObject Ended(VirtualTime time, int code) =>
        new()
        {
            ["phase"] = code == 0 ? "Succeeded" : "Failed",
            ["containerStatuses"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "trainer",
                    ["state"] = new JsonObject
                    {
                        ["terminated"] = new JsonObject
                        {
                            ["exitCode"] = code,
                            ["finishedAt"] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
                        },
                    },
                }
            ),
        };
}
