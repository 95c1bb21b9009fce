using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Distributed.Tests;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>The operator as it is shipped: a process of its own with a kubeconfig.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private const int MaxLines = 20_000;

    private const string Watch =
        "while kill -0 $1 2>/dev/null; do kill -0 $2 2>/dev/null || exit 0; sleep 1; done; kill -KILL $2";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly Process _process;
    private readonly Task _reading;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly int _healthPort;
    private readonly int _metricsPort;

    private OperatorProcess(Process process, int healthPort, int metricsPort)
    {
        (_process, _healthPort, _metricsPort) = (process, healthPort, metricsPort);
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>What it logged.</summary>
    public IReadOnlyList<string> Log => [.. _lines];

    /// <summary>Its exit code; only after its end.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>True once it ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts one, which may take a while until it answers.</summary>
    /// <param name="kubeconfig">Says who it is.</param>
    /// <param name="scene">Where its runs play.</param>
    /// <param name="arguments">Further options.</param>
    public static OperatorProcess Start(string kubeconfig, Scene scene, params IEnumerable<string> arguments)
    {
        var port = FreePort.Draw();
        return Watched(
            Programs.Operator,
            [
                "--kubeconfig",
                kubeconfig,
                "--image",
                "registry.example.com/trainer:test",
                "--metrics-port",
                $"{port}",
                "--health-port",
                $"{port}",
                "--http-port",
                $"{scene.PodPort}",
                "--progress-interval",
                "200ms",
                .. arguments,
            ],
            port,
            port
        );
    }

    /// <summary>Starts one as a container would be, with these arguments and variables and no others of ours.</summary>
    /// <param name="kubeconfig">Stands for the mounted token of its account.</param>
    /// <param name="arguments">The container's arguments.</param>
    /// <param name="environment">The container's variables.</param>
    /// <param name="healthPort">Port of its probes.</param>
    /// <param name="metricsPort">Port of its metrics.</param>
    public static OperatorProcess StartContainer(
        string kubeconfig,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>> environment,
        int healthPort,
        int metricsPort
    ) =>
        Watched(
            "/usr/bin/env",
            [
                .. environment.Select(v => $"{v.Key}={v.Value}"),
                Programs.Operator,
                .. arguments,
                "--kubeconfig",
                kubeconfig,
            ],
            healthPort,
            metricsPort
        );

    private static OperatorProcess Watched(string program, string[] arguments, int healthPort, int metricsPort)
    {
        var process = Programs.Start(program, arguments);
        process.StandardInput.Close();
        // It ends with the tests, however they end.
        Programs.Start("bash", ["-c", Watch, "watch", $"{Environment.ProcessId}", $"{process.Id}"]).Dispose();
        return new OperatorProcess(process, healthPort, metricsPort);
    }

    /// <summary>Waits until its caches are filled.</summary>
    public Task UntilReadyAsync() =>
        Patience.UntilAsync(
            async () =>
            {
                Assert.False(HasEnded, $"the operator ended: {string.Join('\n', Log)}");
                return await AskAsync("readyz") is (HttpStatusCode.OK, _);
            },
            $"the operator is not ready, two minutes later: {string.Join('\n', Log)}"
        );

    /// <summary>Status and text of an endpoint; 503 where it does not answer at all.</summary>
    public async Task<(HttpStatusCode Code, string Text)> AskAsync(string path)
    {
        try
        {
            var port = path == "metrics" ? _metricsPort : _healthPort;
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{port}/{path}"));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return (HttpStatusCode.ServiceUnavailable, "");
        }
    }

    /// <summary>Lines of its metrics of one name, labels and value.</summary>
    public async Task<IReadOnlyList<string>> MetricsAsync(string name)
    {
        var (_, text) = await AskAsync("metrics");
        return [.. text.Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal))];
    }

    /// <summary>Log lines from a level on, as <c>Error</c>, which is a bug in a test.</summary>
    public IEnumerable<string> LogOf(string level) =>
        Log.Where(l => l.StartsWith('{') && (string?)JsonNode.Parse(l)?["LogLevel"] == level);

    /// <summary>Kills it as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <summary>Sends it a signal, as <c>STOP</c>.</summary>
    public async Task SignalAsync(string name) =>
        Assert.Equal(0, (await Programs.RunAsync("kill", [$"-{name}", $"{_process.Id}"])).ExitCode);

    /// <summary>Asks it to end, and waits for that.</summary>
    public async Task TerminateAsync()
    {
        await SignalAsync("TERM");
        Assert.True(await Programs.EndAsync(_process), "the operator does not end when it is asked to");
        await _reading;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            if (_lines.Count > MaxLines)
            {
                _lines.TryDequeue(out _);
            }
        }
    }
}
