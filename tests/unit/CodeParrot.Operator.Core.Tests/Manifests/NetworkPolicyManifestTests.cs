using CodeParrot.Operator.Core.Manifests;

namespace CodeParrot.Operator.Core.Tests.Manifests;

public sealed class NetworkPolicyManifestTests
{
    [Fact]
    public void Without_peers_nobody_but_the_run_itself_is_let_in()
    {
        var manifest = NetworkPolicyManifest.Build(ManifestRuns.Run(), ManifestRuns.Options with { MetricsPeers = [] });

        var rule = Assert.Single(manifest["spec"]!["ingress"]!.AsArray());

        Assert.Single(rule!["from"]!.AsArray());
    }

    [Fact]
    public void A_peer_of_no_namespace_is_one_of_any()
    {
        var options = ManifestRuns.Options with { MetricsPeers = [new MetricsPeer()] };

        var manifest = NetworkPolicyManifest.Build(ManifestRuns.Run(), options);

        Assert.Equal("""[{"namespaceSelector":{}}]""", manifest["spec"]!["ingress"]![1]!["from"]!.ToJsonString());
    }
}
