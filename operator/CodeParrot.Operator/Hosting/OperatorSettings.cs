using System.CommandLine;

namespace CodeParrot.Operator.Hosting;

/// <summary>
/// The command line. An option that is not given is read from the environment, <c>--own-namespace</c> from
/// <c>CODEPARROT_OPERATOR_OWN_NAMESPACE</c>, and has its default where that has nothing either.
/// </summary>
internal sealed class OperatorSettings
{
    private readonly OperatorOptions _defaults = new();
    private readonly Option<string> _namespace;
    private readonly ManifestSettings _manifests;
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
    private readonly Option<TimeSpan> _progressInterval;

    /// <summary>The options, with this environment behind them.</summary>
    /// <param name="environment">Value of a variable; null for none.</param>
    public OperatorSettings(Func<string, string?> environment)
    {
        var source = new OptionSource(environment);
        _manifests = new ManifestSettings(source);
        _namespace = source.Text("--namespace", "Namespace to look after; empty for all", _defaults.Namespace);
        _ownNamespace = source.Text("--own-namespace", "Namespace that the operator runs in", _defaults.OwnNamespace);
        _identity = source.Text("--identity", "Name of this process in the lease; empty for host and chance", "");
        _kubeconfig = source.Text("--kubeconfig", "Kubeconfig; empty for the pod's own account, or ~/.kube/config", "");
        _leaderElect = source.Bound(
            "--leader-elect",
            "Ask for the lease before acting",
            _defaults.LeaderElect,
            bool.Parse
        );
        _leaseDuration = source.Bound(
            "--lease-duration",
            "How long others leave a lease alone that is not renewed",
            _defaults.LeaseDuration,
            OptionSource.Duration
        );
        _renewDeadline = source.Bound(
            "--renew-deadline",
            "How long after its last renewal a leader still writes",
            _defaults.RenewDeadline,
            OptionSource.Duration
        );
        _retryPeriod = source.Bound(
            "--retry-period",
            "Time between two tries to hold the lease",
            _defaults.RetryPeriod,
            OptionSource.Duration
        );
        _qps = source.Bound("--qps", "Requests a second to the API server", _defaults.Qps, OptionSource.Number);
        _burst = source.Bound("--burst", "Requests at once after a rest", _defaults.Burst, OptionSource.Integer);
        _workers = source.Bound("--workers", "Runs worked on at once", _defaults.Workers, OptionSource.Integer);
        _metricsPort = source.Bound("--metrics-port", "Port of /metrics", 8080, OptionSource.Integer);
        _healthPort = source.Bound("--health-port", "Port of /healthz and /readyz", 8081, OptionSource.Integer);
        _progressInterval = source.Bound(
            "--progress-interval",
            "Time between two readings of a run's progress",
            _defaults.ProgressInterval,
            OptionSource.Duration
        );
    }

    /// <summary>All options.</summary>
    public IEnumerable<Option> All =>
        [
            _namespace,
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
            _progressInterval,
            .. _manifests.All,
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
            Manifests = _manifests.Bind(parsed),
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
}
