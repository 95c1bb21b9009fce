using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Connection;
using CodeParrot.Operator.Hosting;
using CodeParrot.Operator.Metrics;
using CodeParrot.Operator.Progress;
using CodeParrot.Operator.Waiting;
using k8s;
using Prometheus;

namespace CodeParrot.Operator;

/// <summary>The operator's process.</summary>
internal static partial class Program
{
    private const int UserMistake = 2;

    private static async Task<int> Main(string[] args)
    {
        var settings = new OperatorSettings(Environment.GetEnvironmentVariable);
        var root = new RootCommand("Takes TrainingRuns of a Kubernetes cluster from source files to a model.");
        foreach (var option in settings.All)
        {
            root.Options.Add(option);
        }

        root.SetAction((parsed, _) => RunAsync(settings, parsed));
        root.Subcommands.Add(WaitCommand.Create(WaitAsync));
        var parsed = root.Parse(args);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? UserMistake : code;
    }

    private static async Task<int> RunAsync(OperatorSettings settings, ParseResult parsed)
    {
        // A process that is started again is another one: nobody shall wait for the lease of the one that died.
        var chance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var options = settings.Bind(parsed, $"{Environment.MachineName}_{chance}");
        var mistakes = options.Validate().ToList();
        if (mistakes.Count > 0)
        {
            mistakes.ForEach(Console.Error.WriteLine);
            return UserMistake;
        }

        if (ReadConfiguration(settings.Kubeconfig(parsed)) is not { } configuration)
        {
            return UserMistake;
        }

        using var logs = LoggerFactory.Create(b =>
            b.AddJsonConsole(o => o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'")
                .AddFilter(null, LogLevel.Information)
        );
        using var connection = new ServerConnection(configuration);
        return await ServeAsync(options, connection, logs, settings.Ports(parsed));
    }

    private static async Task<int> ServeAsync(
        OperatorOptions options,
        ServerConnection connection,
        ILoggerFactory logs,
        (int Metrics, int Health) listen
    )
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        var ports = new OperatorPorts
        {
            Server = new KubernetesApiServer(connection, TimeProvider.System),
            Progress = new HttpProgressSource(options.Manifests.HttpPort, TimeProvider.System),
            Time = TimeProvider.System,
            Random = new Random(),
            SecretBytes = RandomNumberGenerator.GetBytes,
            Logs = logs,
        };
        using var loop = new OperatorLoop(ports, options, new OperatorMetrics(registry));
        using var stop = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var endpoints = new OperatorServer(loop, registry, listen.Metrics, listen.Health);
        var log = logs.CreateLogger("CodeParrot.Operator");
        var server = connection.BaseUri;
        LogStart(log, options, server);
        await endpoints.StartAsync(CancellationToken.None);
        var trimming = new HeapTrimmer(TimeProvider.System).RunAsync(stop.Token);
        await loop.RunAsync(stop.Token);
        await stop.CancelAsync();
        await trimming;
        await endpoints.StopAsync(CancellationToken.None);
        return 0;

        void Stop(PosixSignalContext context)
        {
            // The process ends when the loop has: the lease is to be given back first.
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> WaitAsync(WaitOptions options)
    {
        if (ReadConfiguration(options.Kubeconfig) is not { } configuration)
        {
            return UserMistake;
        }

        using var connection = new ServerConnection(configuration);
        var server = new KubernetesApiServer(connection, TimeProvider.System);
        return await new RunWait(server, TimeProvider.System, Console.Out).UntilEndAsync(options, default);
    }

    // Null where it makes no sense, which is said.
    private static KubernetesClientConfiguration? ReadConfiguration(string kubeconfig)
    {
        try
        {
            return Kubeconfig.Find(kubeconfig, Environment.GetEnvironmentVariable);
        }
        catch (Exception e) when (e is k8s.Exceptions.KubeConfigException or IOException)
        {
            Console.Error.WriteLine($"--kubeconfig: {e.Message}");
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Begins with {Options} at {Server}")]
    private static partial void LogStart(ILogger logger, OperatorOptions options, Uri server);
}
