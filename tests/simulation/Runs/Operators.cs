using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Hosting;
using CodeParrot.Operator.Metrics;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Kubelet;
using CodeParrot.Simulation.Tests.Scheduling;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Runs;

/// <summary>
/// The operator's processes, one or two at a time; one that died is started anew, with another identity.
/// </summary>
internal sealed class Operators
{
    /// <summary>Options that do not change from life to life.</summary>
    public static readonly OperatorOptions Options = new() { Manifests = new ManifestOptions { Image = "trainer:1" } };

    private readonly SimulatedApiServer _server;
    private readonly Kubelets _kubelets;
    private readonly Random _random;
    private readonly OperatorVariant _variant;
    private readonly Action<PodProcess, CheckpointRequest?> _asked;
    private readonly SimulatedProcess?[] _living;
    private readonly CancellationTokenSource?[] _stops;
    private int _lives;

    public Operators(
        SimulatedApiServer server,
        Kubelets kubelets,
        Random random,
        OperatorVariant variant,
        Action<PodProcess, CheckpointRequest?> asked
    )
    {
        (_server, _kubelets, _random, _variant, _asked) = (server, kubelets, random, variant, asked);
        _living = new SimulatedProcess?[server.Faults.TwoOperators ? 2 : 1];
        _stops = new CancellationTokenSource?[_living.Length];
        for (var i = 0; i < _living.Length; i++)
        {
            Start(i);
        }

        Scheduler.After(TimeSpan.FromMilliseconds(500), Tend);
    }

    private Scheduler Scheduler => _server.Scheduler;

    // Secrets' verbs are the chart's: what may be created may not be read.
    private static bool IsAllowed(string verb, ResourceType type) =>
        type == ResourceType.Secrets ? verb == "create"
        : type == ResourceType.Nodes ? verb == "get"
        : type != ResourceType.Events || verb is "create" or "patch";

    private void Start(int place)
    {
        var process = new SimulatedProcess(Scheduler, ++_lives, $"operator-{_lives}");
        process.Time.Skew = TimeSpan.FromSeconds(_random.Next(5) - 2);
        var random = new Random(_random.Next());
        var secrets = new Random(_random.Next());
        var ports = new OperatorPorts
        {
            Server = _variant.Server(new ApiClient(_server, process, IsAllowed)),
            Progress = _variant.Progress(new PodAnswers(_kubelets, _server.Faults, process, _asked)),
            Time = process.Time,
            Random = random,
            SecretBytes = count =>
            {
                var bytes = new byte[count];
                secrets.NextBytes(bytes);
                return bytes;
            },
            Planner = _variant.Planner(),
        };
        var stop = new CancellationTokenSource();
        var options = _variant.Options(Options with { Identity = process.Name });
        process.Start(async () =>
        {
            using var loop = new OperatorLoop(
                ports,
                options,
                new OperatorMetrics(Prometheus.Metrics.NewCustomRegistry())
            );
            await loop.RunAsync(stop.Token);
        });
        (_living[place], _stops[place]) = (process, stop);
        Scheduler.Tell(process.Name, "starts");
    }

    private void Tend()
    {
        for (var i = 0; i < _living.Length; i++)
        {
            if (_living[i] is not { } process)
            {
                continue;
            }

            if (process.Failure is { } failure)
            {
                Scheduler.Break(new InvalidOperationException($"{process.Name} fell: {failure}", failure));
            }
            else if (process.IsDead || process.HasEnded)
            {
                var place = i;
                _living[i] = null;
                // Now and then nobody looks for longer than any timeout of a run.
                var away = _server.Faults.Chance(5) ? 120_000 : 5_000;
                Scheduler.After(TimeSpan.FromMilliseconds(500 + _random.Next(away)), () => Start(place));
            }
            else
            {
                Disturb(process, _stops[i]!);
            }
        }

        Scheduler.After(TimeSpan.FromMilliseconds(500), Tend);
    }

    private void Disturb(SimulatedProcess process, CancellationTokenSource stop)
    {
        if (_server.Faults.Pauses && _server.Faults.Chance(80))
        {
            process.Pause(TimeSpan.FromSeconds(_random.Next(2) == 0 ? _random.Next(5) : 5 + _random.Next(40)));
        }
        else if (_server.Faults.Restarts && _server.Faults.Chance(150))
        {
            Scheduler.Tell(process.Name, "is told to stop");
            process.Post(_ => stop.Cancel(), null);
        }
    }
}
