using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CodeParrot.Integration.Tests.Cluster;

namespace CodeParrot.EndToEnd.Tests.Monitoring;

/// <summary>
/// Tells a Prometheus of all pods of a cluster, by a file: with the labels that its own discovery gives, which Debian's
/// build leaves out.
/// </summary>
internal sealed partial class PodTargets : IAsyncDisposable
{
    private const string Meta = "__meta_kubernetes_";

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(300);

    private readonly JsonApi _api;
    private readonly string _path;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    /// <summary>Begins to look.</summary>
    /// <param name="api">The cluster.</param>
    /// <param name="path">The file.</param>
    public PodTargets(JsonApi api, string path)
    {
        (_api, _path) = (api, path);
        File.WriteAllText(path, "[]");
        _watching = Task.Run(WatchAsync);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var answer = await _api.GetAsync("api/v1/pods");
                if (answer.Code == HttpStatusCode.OK)
                {
                    var targets = answer.Body["items"]!.AsArray().SelectMany(p => TargetsOf(p!.AsObject()));
                    await File.WriteAllTextAsync(_path + ".part", new JsonArray([.. targets]).ToJsonString());
                    File.Move(_path + ".part", _path, overwrite: true);
                }

                await Task.Delay(_pause, _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
            {
                // The next look will do.
            }
        }
    }

    private static IEnumerable<JsonObject> TargetsOf(JsonObject pod)
    {
        if ((string?)pod["status"]?["podIP"] is not { Length: > 0 } address)
        {
            yield break;
        }

        foreach (var container in pod["spec"]!["containers"]!.AsArray())
        {
            foreach (var port in container!["ports"]?.AsArray() ?? [])
            {
                var labels = new JsonObject
                {
                    [$"{Meta}namespace"] = (string)pod["metadata"]!["namespace"]!,
                    [$"{Meta}pod_name"] = (string)pod["metadata"]!["name"]!,
                    [$"{Meta}pod_phase"] = (string)pod["status"]!["phase"]!,
                    [$"{Meta}pod_container_name"] = (string)container["name"]!,
                    [$"{Meta}pod_container_port_name"] = (string?)port!["name"] ?? "",
                };
                foreach (var (key, value) in pod["metadata"]!["labels"]?.AsObject() ?? [])
                {
                    labels[$"{Meta}pod_label_{Outside().Replace(key, "_")}"] = (string)value!;
                    labels[$"{Meta}pod_labelpresent_{Outside().Replace(key, "_")}"] = "true";
                }

                yield return new JsonObject
                {
                    ["targets"] = new JsonArray($"{address}:{(int)port["containerPort"]!}"),
                    ["labels"] = labels,
                };
            }
        }
    }

    [GeneratedRegex("[^a-zA-Z0-9_]")]
    private static partial Regex Outside();
}
