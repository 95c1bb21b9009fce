using System.CommandLine;
using System.Globalization;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Operator.Hosting;

/// <summary>
/// The command line. An option that is not given is read from the environment, <c>--own-namespace</c> from
/// <c>CODEPARROT_OPERATOR_OWN_NAMESPACE</c>, and has its default where that has nothing either.
/// </summary>
internal sealed class OperatorSettings
{
    private const string Prefix = "CODEPARROT_OPERATOR_";

    private readonly Func<string, string?> _environment;
    private readonly OperatorOptions _defaults = new();
    private readonly Option<string> _namespace;
    private readonly Option<string> _image;
    private readonly Option<string> _ownNamespace;
    private readonly Option<string> _identity;
    private readonly Option<string> _kubeconfig;
    private readonly Option<bool> _leaderElect;
    private readonly Option<TimeSpan> _leaseDuration;
    private readonly Option<TimeSpan> _renewDeadline;
    private readonly Option<TimeSpan> _retryPeriod;
    private readonly Option<double> _qps;
    private readonly Option<int> _burst;
    private readonly Option<int> _workers;
    private readonly Option<int> _metricsPort;
    private readonly Option<int> _healthPort;
    private readonly Option<int> _httpPort;
    private readonly Option<TimeSpan> _progressInterval;

    /// <summary>The options, with this environment behind them.</summary>
    /// <param name="environment">Value of a variable; null for none.</param>
    public OperatorSettings(Func<string, string?> environment)
    {
        _environment = environment;
        _namespace = Text("--namespace", "Namespace to look after; empty for all", _defaults.Namespace);
        _image = Text("--image", "The trainer's image, where a run names none", "");
        _ownNamespace = Text("--own-namespace", "Namespace that the operator runs in", _defaults.OwnNamespace);
        _identity = Text("--identity", "Name of this process in the lease; empty for host and chance", "");
        _kubeconfig = Text("--kubeconfig", "Kubeconfig; empty for the pod's own account, or ~/.kube/config", "");
        _leaderElect = Bound("--leader-elect", "Ask for the lease before acting", _defaults.LeaderElect, bool.Parse);
        _leaseDuration = Bound(
            "--lease-duration",
            "How long others leave a lease alone that is not renewed",
            _defaults.LeaseDuration,
            Duration
        );
        _renewDeadline = Bound(
            "--renew-deadline",
            "How long after its last renewal a leader still writes",
            _defaults.RenewDeadline,
            Duration
        );
        _retryPeriod = Bound(
            "--retry-period",
            "Time between two tries to hold the lease",
            _defaults.RetryPeriod,
            Duration
        );
        _qps = Bound("--qps", "Requests a second to the API server", _defaults.Qps, Number);
        _burst = Bound("--burst", "Requests at once after a rest", _defaults.Burst, Integer);
        _workers = Bound("--workers", "Runs worked on at once", _defaults.Workers, Integer);
        _metricsPort = Bound("--metrics-port", "Port of /metrics", 8080, Integer);
        _healthPort = Bound("--health-port", "Port of /healthz and /readyz", 8081, Integer);
        _httpPort = Bound(
            "--http-port",
            "Port of a pod's /progress, /metrics and /healthz",
            _defaults.Manifests.HttpPort,
            Integer
        );
        _progressInterval = Bound(
            "--progress-interval",
            "Time between two readings of a run's progress",
            _defaults.ProgressInterval,
            Duration
        );
    }

    /// <summary>All options.</summary>
    public IEnumerable<Option> All =>
        [
            _namespace,
            _image,
            _ownNamespace,
            _identity,
            _kubeconfig,
            _leaderElect,
            _leaseDuration,
            _renewDeadline,
            _retryPeriod,
            _qps,
            _burst,
            _workers,
            _metricsPort,
            _healthPort,
            _httpPort,
            _progressInterval,
        ];

    /// <summary>The kubeconfig; empty for what the process finds itself.</summary>
    public string Kubeconfig(ParseResult parsed) => parsed.GetRequiredValue(_kubeconfig);

    /// <summary>Ports of /metrics and of /healthz.</summary>
    public (int Metrics, int Health) Ports(ParseResult parsed) =>
        (parsed.GetRequiredValue(_metricsPort), parsed.GetRequiredValue(_healthPort));

    /// <summary>The loop's options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="identity">Name of this process, unless one is given.</param>
    public OperatorOptions Bind(ParseResult parsed, string identity) =>
        _defaults with
        {
            Namespace = parsed.GetRequiredValue(_namespace),
            Manifests = _defaults.Manifests with
            {
                Image = parsed.GetRequiredValue(_image),
                HttpPort = parsed.GetRequiredValue(_httpPort),
            },
            OwnNamespace = parsed.GetRequiredValue(_ownNamespace),
            Identity = parsed.GetRequiredValue(_identity) is { Length: > 0 } given ? given : identity,
            LeaderElect = parsed.GetRequiredValue(_leaderElect),
            LeaseDuration = parsed.GetRequiredValue(_leaseDuration),
            RenewDeadline = parsed.GetRequiredValue(_renewDeadline),
            RetryPeriod = parsed.GetRequiredValue(_retryPeriod),
            Qps = parsed.GetRequiredValue(_qps),
            Burst = parsed.GetRequiredValue(_burst),
            Workers = parsed.GetRequiredValue(_workers),
            ProgressInterval = parsed.GetRequiredValue(_progressInterval),
        };

    private Option<string> Text(string name, string description, string otherwise) =>
        Bound(name, description, otherwise, text => text);

    private Option<T> Bound<T>(string name, string description, T otherwise, Func<string, T> parse) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = result =>
            {
                var variable = Prefix + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
                if (_environment(variable) is not { Length: > 0 } text)
                {
                    return otherwise;
                }

                try
                {
                    return parse(text);
                }
                catch (Exception e) when (e is FormatException or OverflowException)
                {
                    result.AddError($"{variable}: '{text}' is no value for {name}");
                    return otherwise;
                }
            },
            CustomParser = result =>
            {
                try
                {
                    return parse(result.Tokens[^1].Value);
                }
                catch (Exception e) when (e is FormatException or OverflowException)
                {
                    result.AddError($"{name}: '{result.Tokens[^1].Value}' is no value for it");
                    return otherwise;
                }
            },
        };

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static TimeSpan Duration(string text) =>
        Durations.TryParse(text, out var duration) ? duration : throw new FormatException(text);
}
