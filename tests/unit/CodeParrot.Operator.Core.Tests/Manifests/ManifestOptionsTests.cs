using CodeParrot.Operator.Core.Manifests;

namespace CodeParrot.Operator.Core.Tests.Manifests;

public sealed class ManifestOptionsTests
{
    [Fact]
    public void Good_options_have_no_mistakes() => Assert.Empty(ManifestRuns.Options.Validate());

    [Fact]
    public void Every_mistake_is_named()
    {
        var options = new ManifestOptions
        {
            UserId = 0,
            MasterPort = 80,
            HttpPort = 80,
        };

        Assert.Equal(
            ["image", "user-id", "master-port", "http-port", "http-port"],
            options.Validate().Select(m => m.Split(':')[0])
        );
    }
}
