using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using CodeParrot.Distributed.Tests;
using CodeParrot.EndToEnd.Tests.Cluster;
using CodeParrot.Integration.Tests.Chart;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.EndToEnd.Tests.Monitoring;

/// <summary>
/// The distribution's Prometheus beside our own node, with the chart's PodMonitor as its configuration, and with a copy
/// of it that forgets whose pods they are.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    /// <summary>Job of the chart's monitor.</summary>
    public const string Job = "runs";

    /// <summary>Job of the copy that does not label series with the run.</summary>
    public const string ForgetfulJob = "forgetful";

    private static readonly HttpClient _http = new();

    private readonly Process _process;
    private readonly Task _reading;
    private readonly string _folder;
    private readonly Uri _address;
    private readonly PodTargets _targets;

    private PrometheusServer(Process process, string folder, Uri address, PodTargets targets, string log)
    {
        (_process, _folder, _address, _targets) = (process, folder, address, targets);
        _reading = Task.WhenAll(CopyAsync(process.StandardError, log), process.StandardOutput.ReadToEndAsync());
    }

    /// <summary>Starts one, which ends with the cluster.</summary>
    public static async Task<PrometheusServer> StartAsync(TestCluster cluster)
    {
        var rendered = await cluster.Release.RenderAsync();
        var monitor = (await Helm.ReadAsync(rendered)).Single(o => (string?)o["kind"] == "PodMonitor");
        var folder = Directory.CreateTempSubdirectory("codeparrot-prometheus-").FullName;
        var configuration = Path.Combine(folder, "prometheus.yml");
        var targets = Path.Combine(folder, "targets.json");
        var scrapes = ScrapeConfig.Of(targets, (Job, monitor), (ForgetfulJob, Forgetful(monitor)));
        await File.WriteAllTextAsync(configuration, scrapes);
        var address = $"127.0.0.1:{FreePort.Draw()}";
        var process = Programs.Start(
            "prometheus",
            [
                $"--config.file={configuration}",
                $"--storage.tsdb.path={Path.Combine(folder, "data")}",
                $"--web.listen-address={address}",
            ]
        );
        process.StandardInput.Close();
        return new PrometheusServer(
            process,
            folder,
            new Uri($"http://{address}/"),
            new PodTargets(cluster.Api, targets),
            Path.Combine(cluster.Results, "prometheus.log")
        );
    }

    /// <summary>Labels and value of each series that an expression gives.</summary>
    public async Task<IReadOnlyList<(JsonObject Labels, double Value)>> QueryAsync(string expression)
    {
        try
        {
            var text = await _http.GetStringAsync(
                new Uri(_address, $"api/v1/query?query={Uri.EscapeDataString(expression)}")
            );
            return
            [
                .. JsonNode.Parse(text)!["data"]!["result"]!
                    .AsArray()
                    .Select(r =>
                        (r!["metric"]!.AsObject(), double.Parse((string)r["value"]![1]!, CultureInfo.InvariantCulture))
                    ),
            ];
        }
        catch (HttpRequestException)
        {
            // It starts, or is busy.
            return [];
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _targets.DisposeAsync();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static JsonObject Forgetful(JsonObject monitor)
    {
        var copy = monitor.DeepClone().AsObject();
        var rules = copy["spec"]!["podMetricsEndpoints"]![0]!["relabelings"]!.AsArray();
        Assert.True(rules.Remove(rules.Single(r => (string?)r!["targetLabel"] == "run")));
        return copy;
    }

    private static async Task CopyAsync(StreamReader reader, string path)
    {
        await using var file = new StreamWriter(path);
        while (await reader.ReadLineAsync() is { } line)
        {
            await file.WriteLineAsync(line);
        }
    }
}
