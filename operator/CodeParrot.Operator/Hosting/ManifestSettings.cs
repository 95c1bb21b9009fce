using System.CommandLine;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Manifests;

namespace CodeParrot.Operator.Hosting;

/// <summary>The part of the command line that says what the objects are like that the operator makes.</summary>
internal sealed class ManifestSettings
{
    private const char PeerEnd = ';';
    private const string AnyNamespace = "*";

    private readonly ManifestOptions _defaults = new();
    private readonly Option<string> _image;
    private readonly Option<ImagePullPolicy?> _imagePullPolicy;
    private readonly Option<IReadOnlyDictionary<string, Quantity>> _podRequests;
    private readonly Option<IReadOnlyDictionary<string, Quantity>> _podLimits;
    private readonly Option<int> _userId;
    private readonly Option<int> _masterPort;
    private readonly Option<int> _httpPort;
    private readonly Option<string> _clusterDomain;
    private readonly Option<string> _coscheduler;
    private readonly Option<IReadOnlyList<MetricsPeer>> _metricsPeers;

    /// <summary>The options.</summary>
    /// <param name="source">Where their values come from.</param>
    public ManifestSettings(OptionSource source)
    {
        _image = source.Text("--image", "The trainer's image, where a run names none", "");
        _imagePullPolicy = source.Bound(
            "--image-pull-policy",
            "When nodes fetch the image: Always, IfNotPresent or Never; Kubernetes' choice unless given",
            _defaults.ImagePullPolicy,
            PullPolicy
        );
        _podRequests = source.Bound(
            "--pod-requests",
            "What pods are sure to get where a run says nothing, as in cpu=1,memory=2Gi",
            _defaults.Resources.Requests,
            Amounts
        );
        _podLimits = source.Bound(
            "--pod-limits",
            "Most that pods may use where a run says nothing, as in cpu=4,memory=8Gi",
            _defaults.Resources.Limits,
            Amounts
        );
        _userId = source.Bound("--user-id", "User and group that pods run as", _defaults.UserId, OptionSource.Integer);
        _masterPort = source.Bound(
            "--master-port",
            "Port of rank 0's coordinator",
            _defaults.MasterPort,
            OptionSource.Integer
        );
        _httpPort = source.Bound(
            "--http-port",
            "Port of a pod's /progress, /metrics and /healthz",
            _defaults.HttpPort,
            OptionSource.Integer
        );
        _clusterDomain = source.Text(
            "--cluster-domain",
            "The cluster's DNS domain, as in cluster.local; empty if it is not known",
            _defaults.ClusterDomain
        );
        _coscheduler = source.Text(
            "--coscheduler",
            "Name of the scheduler with the coscheduling plugin, for gangs of that kind",
            _defaults.Coscheduler
        );
        _metricsPeers = source.Bound(
            "--metrics-peers",
            "Who may read pods' metrics besides the operator, as in monitoring:app=prometheus;observability",
            _defaults.MetricsPeers,
            Peers
        );
    }

    /// <summary>All options.</summary>
    public IEnumerable<Option> All =>
        [
            _image,
            _imagePullPolicy,
            _podRequests,
            _podLimits,
            _userId,
            _masterPort,
            _httpPort,
            _clusterDomain,
            _coscheduler,
            _metricsPeers,
        ];

    /// <summary>What was given.</summary>
    public ManifestOptions Bind(ParseResult parsed) =>
        _defaults with
        {
            Image = parsed.GetRequiredValue(_image),
            ImagePullPolicy = parsed.GetValue(_imagePullPolicy),
            Resources = new ResourcesSpec
            {
                Requests = parsed.GetRequiredValue(_podRequests),
                Limits = parsed.GetRequiredValue(_podLimits),
            },
            UserId = parsed.GetRequiredValue(_userId),
            MasterPort = parsed.GetRequiredValue(_masterPort),
            HttpPort = parsed.GetRequiredValue(_httpPort),
            ClusterDomain = parsed.GetRequiredValue(_clusterDomain),
            Coscheduler = parsed.GetRequiredValue(_coscheduler),
            MetricsPeers = parsed.GetRequiredValue(_metricsPeers),
        };

    private static ImagePullPolicy? PullPolicy(string text) =>
        Enum.TryParse<ImagePullPolicy>(text, out var policy) && $"{policy}" == text
            ? policy
            : throw new FormatException(text);

    private static Dictionary<string, Quantity> Amounts(string text) =>
        Pairs(text)
            .ToDictionary(
                p => p.Key,
                p => Quantity.TryParse(p.Value, out _) ? new Quantity(p.Value) : throw new FormatException(text)
            );

    // namespace[:label=value,…], and so on behind a semicolon.
    private static List<MetricsPeer> Peers(string text) =>
        [
            .. text.Split(PeerEnd, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(peer => peer.Split(':', 2) is [var ns, .. var labels] ? Peer(ns, labels) : throw Wrong(peer)),
        ];

    private static MetricsPeer Peer(string ns, string[] labels) =>
        ns.Length == 0
            ? throw Wrong(ns)
            : new MetricsPeer
            {
                Namespace = ns == AnyNamespace ? "" : ns,
                PodLabels = labels.Length == 0 ? new Dictionary<string, string>() : Pairs(labels[0]),
            };

    private static Dictionary<string, string> Pairs(string text)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=') is not [{ Length: > 0 } key, var value] || !pairs.TryAdd(key, value))
            {
                throw Wrong(pair);
            }
        }

        return pairs;
    }

    private static FormatException Wrong(string text) => new(text);
}
