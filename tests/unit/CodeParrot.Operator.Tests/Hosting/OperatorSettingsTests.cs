using System.CommandLine;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Hosting;

namespace CodeParrot.Operator.Tests.Hosting;

public class OperatorSettingsTests
{
    private readonly Dictionary<string, string> _environment = new() { ["CODEPARROT_OPERATOR_IMAGE"] = "trainer:1" };

    [Fact]
    public void A_flag_wins_over_the_environment_and_that_over_the_default()
    {
        _environment["CODEPARROT_OPERATOR_WORKERS"] = "3";
        _environment["CODEPARROT_OPERATOR_OWN_NAMESPACE"] = "system";

        var options = Bind("--workers", "5", "--progress-interval", "20s");

        Assert.Equal(5, options.Workers);
        Assert.Equal("system", options.OwnNamespace);
        Assert.Equal("trainer:1", options.Manifests.Image);
        Assert.Equal(TimeSpan.FromSeconds(20), options.ProgressInterval);
        Assert.Equal(new OperatorOptions().Qps, options.Qps);
        Assert.Equal("chance", options.Identity);
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void Every_mistake_is_named_with_its_option()
    {
        _environment.Clear();

        var mistakes = Bind("--workers", "0", "--qps", "-1", "--burst", "0", "--progress-interval", "0s")
            .Validate()
            .ToList();

        Assert.Equal(
            ["--image", "--workers", "--qps", "--burst", "--progress-interval"],
            mistakes.Select(m => m.Split(':')[0])
        );
    }

    [Fact]
    public void A_value_that_is_none_is_refused_wherever_it_stands()
    {
        _environment["CODEPARROT_OPERATOR_QPS"] = "many";

        var errors = Parse(out _, "--workers", "few").Errors.Select(e => e.Message).ToList();

        Assert.Contains(errors, e => e.Contains("few", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Contains("CODEPARROT_OPERATOR_QPS", StringComparison.Ordinal));
    }

    [Fact]
    public void Objects_are_made_as_flags_or_the_environment_say()
    {
        _environment["CODEPARROT_OPERATOR_USER_ID"] = "1000";
        _environment["CODEPARROT_OPERATOR_METRICS_PEERS"] =
            "monitoring:app.kubernetes.io/name=prometheus,a=b; seen;*:c=d";

        var options = Bind(
            "--cluster-domain",
            "cluster.local",
            "--coscheduler",
            "gangs",
            "--master-port",
            "29501",
            "--image-pull-policy",
            "Always",
            "--pod-requests",
            "cpu=1,memory=2Gi",
            "--pod-limits",
            "nvidia.com/gpu=1"
        ).Manifests;

        Assert.Equal((1000, 29501, "cluster.local"), (options.UserId, options.MasterPort, options.ClusterDomain));
        Assert.Equal("gangs", options.Coscheduler);
        Assert.Equal(ImagePullPolicy.Always, options.ImagePullPolicy);
        Assert.Equal("2Gi", options.Resources.Requests["memory"].Text);
        Assert.Equal("1", options.Resources.Limits["nvidia.com/gpu"].Text);
        Assert.Equal(["monitoring", "seen", ""], options.MetricsPeers.Select(p => p.Namespace));
        Assert.Equal("prometheus", options.MetricsPeers[0].PodLabels["app.kubernetes.io/name"]);
        Assert.Equal([2, 0, 1], options.MetricsPeers.Select(p => p.PodLabels.Count));
        Assert.Empty(options.Validate());
    }

    [Theory]
    [InlineData("--image-pull-policy", "Sometimes")]
    [InlineData("--image-pull-policy", "0")]
    [InlineData("--pod-requests", "cpu")]
    [InlineData("--pod-limits", "memory=much")]
    [InlineData("--pod-limits", "memory=1Gi,memory=2Gi")]
    [InlineData("--metrics-peers", ":app=prometheus")]
    [InlineData("--metrics-peers", "monitoring:app")]
    public void What_makes_no_object_is_refused(string option, string value) =>
        Assert.Contains(value, Assert.Single(Parse(out _, option, value).Errors).Message, StringComparison.Ordinal);

    private OperatorOptions Bind(params string[] arguments)
    {
        var parsed = Parse(out var settings, arguments);
        Assert.Empty(parsed.Errors);
        return settings.Bind(parsed, "chance");
    }

    private ParseResult Parse(out OperatorSettings settings, params string[] arguments)
    {
        settings = new OperatorSettings(name => _environment.GetValueOrDefault(name));
        var root = new RootCommand();
        foreach (var option in settings.All)
        {
            root.Options.Add(option);
        }

        return root.Parse(arguments);
    }
}
