using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.Plugin;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Manifests;

namespace CodeParrot.Cli.Tests.Plugin;

public sealed class ShortPodTests
{
    private static readonly TrainingRun Run = new()
    {
        Metadata = new ObjectMetadata
        {
            Name = "small",
            Namespace = "ai",
            Uid = "12345678-9",
        },
        Spec = new RunSpec
        {
            Store = new StoreSpec { Uri = "s3://models", CredentialsSecret = "s3" },
        },
        Status = new RunStatus { SpecHash = "0123456789abcdef", Attempt = 3 },
    };

    [Fact]
    public void Runs_a_command_with_the_run_s_snapshot_and_credentials()
    {
        var pod = Manifest(Run);

        var container = pod["spec"]!["containers"]![0]!;
        Assert.Equal(
            ["generate", "--prompt", "def f", "--spec", ContainerPlaces.SpecFile],
            container["args"]!.AsArray().Select(a => (string)a!)
        );
        Assert.Equal("trainer:1", (string?)container["image"]);
        var volumes = pod["spec"]!["volumes"]!.AsArray().Select(v => (string)v!["name"]!).ToList();
        Assert.Contains("codeparrot-store-credentials", volumes);
        Assert.Equal("small-0123456789ab", (string?)pod["spec"]!["volumes"]![0]!["configMap"]!["name"]);
        Assert.Equal(60, (long)pod["spec"]!["activeDeadlineSeconds"]!);
        Assert.True((bool)pod["spec"]!["securityContext"]!["runAsNonRoot"]!);
    }

    [Fact]
    public void Is_nothing_that_the_operator_takes_for_its_own()
    {
        var labels = Manifest(Run)["metadata"]!["labels"]!.AsObject();

        Assert.NotEqual(LabelNames.ManagedByValue, (string?)labels[LabelNames.ManagedBy]);
        Assert.DoesNotContain(labels, l => l.Key.StartsWith("codeparrot.dev/", StringComparison.Ordinal));
    }

    [Fact]
    public void Goes_with_its_run_where_there_is_one()
    {
        var ofNone = Run with { Metadata = Run.Metadata with { Uid = "" } };

        Assert.Equal("12345678-9", (string?)Manifest(Run)["metadata"]!["ownerReferences"]![0]!["uid"]);
        Assert.Null(Manifest(ofNone)["metadata"]!["ownerReferences"]);
    }

    private static System.Text.Json.Nodes.JsonObject Manifest(TrainingRun run) =>
        ShortPod.Manifest(
            run,
            "small-generate-1",
            new ManifestOptions { Image = "trainer:1" },
            ["generate", "--prompt", "def f"],
            TimeSpan.FromMinutes(1)
        );
}
