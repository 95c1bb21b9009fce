using System.Diagnostics;
using System.Globalization;
using CodeParrot.Distributed.Tests;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>The operator as a process of its own, with the limit on its requests out of the way.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private const double KibPerMib = 1024;

    private readonly HttpClient _http = new();
    private readonly int _port = FreePort.Draw();
    private readonly Process _process;
    private readonly string _logFile;
    private readonly Task _logging;

    private OperatorProcess(OperatorBenchmarkOptions options, string ns)
    {
        _logFile = Path.Combine(Path.GetTempPath(), $"codeparrot-bench-{Environment.ProcessId}-{_port}.log");
        var start = new ProcessStartInfo(options.Program)
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "--kubeconfig",
                options.Kubeconfig,
                "--namespace",
                ns,
                "--image",
                "trainer",
                "--qps",
                "100000",
                "--burst",
                "100000",
                "--metrics-port",
                $"{_port}",
                "--health-port",
                $"{_port}",
            },
        };
        _process = Process.Start(start)!;
        _logging = LogAsync();
    }

    /// <summary>Starts one that looks after a namespace, and waits until it leads.</summary>
    public static async Task<OperatorProcess> StartAsync(OperatorBenchmarkOptions options, string ns)
    {
        var process = new OperatorProcess(options, ns);
        await Waiting.UntilAsync(process.LeadsAsync, "the operator leads");
        return process;
    }

    /// <summary>Resident memory, MiB.</summary>
    public double ResidentMib => StatusMib("VmRSS:");

    /// <summary>Most resident memory so far, MiB.</summary>
    public double PeakMib => StatusMib("VmHWM:");

    /// <summary>Processor time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Its metrics as they are now.</summary>
    public async Task<Scrape> ScrapeAsync() =>
        Scrape.Parse(await _http.GetStringAsync($"http://127.0.0.1:{_port}/metrics"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // SIGTERM, so that the lease is given back and the next one need not wait for it.
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        await _logging;
        _process.Dispose();
        _http.Dispose();
        File.Delete(_logFile);
    }

    private async Task<bool> LeadsAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"the operator has ended; {_logFile} says more");
        }

        try
        {
            var ready = await _http.GetAsync($"http://127.0.0.1:{_port}/readyz");
            return ready.IsSuccessStatusCode && (await ScrapeAsync()).Sum("codeparrot_operator_leader_count") > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task LogAsync()
    {
        await using var file = File.Create(_logFile);
        await _process.StandardOutput.BaseStream.CopyToAsync(file);
    }

    private double StatusMib(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status")
            .First(l => l.StartsWith(name, StringComparison.Ordinal));
        var kib = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1];
        return double.Parse(kib, CultureInfo.InvariantCulture) / KibPerMib;
    }
}
