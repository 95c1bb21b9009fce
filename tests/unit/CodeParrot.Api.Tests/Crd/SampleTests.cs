using System.Text.Json;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Manifest;

namespace CodeParrot.Api.Tests.Crd;

public sealed class SampleTests
{
    public static TheoryData<string> Samples =>
        [
            .. Directory
                .GetFiles(Path.Combine(RepositoryFolder.Crds, "samples"), "*.yaml")
                .Select(f => Path.GetFileName(f)!)
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_fits_the_schema_and_the_validator(string file)
    {
        var manifest = ManifestReader.ReadFile(Path.Combine(RepositoryFolder.Crds, "samples", file));

        var tree = JsonSerializer.SerializeToNode(manifest, ApiJson.Compact)!.AsObject();
        // Of the metadata a schema knows the name alone; the rest is the server's own.
        tree["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = manifest.Metadata.Name };
        Assert.Empty(SchemaChecker.Check(SchemaTree.Root, tree));
    }

    [Fact]
    public void The_small_sample_is_the_book_s_recipe_on_sixteen_ranks()
    {
        var spec = Read("codeparrot-small.yaml");

        Assert.Equal(16, spec.Workers.Count);
        Assert.Equal((12, 1, 150000), Steps(spec));
        Assert.Equal((5e-4, 2000, 0.1), Rate(spec));
        Assert.Equal((12, 768, 1024), Shape(spec));
    }

    [Fact]
    public void The_large_sample_is_the_book_s_recipe()
    {
        var spec = Read("codeparrot.yaml");

        Assert.Equal(16, spec.Workers.Count);
        Assert.Equal((2, 16, 50000), Steps(spec));
        Assert.Equal((2e-4, 750, 0.1), Rate(spec));
        Assert.Equal((48, 1600, 1024), Shape(spec));
        Assert.True(spec.Training.GradientCheckpointing);
    }

    private static Contract.Spec.RunSpec Read(string file) =>
        SpecResolver.Resolve(ManifestReader.ReadFile(Path.Combine(RepositoryFolder.Crds, "samples", file))).Spec;

    private static (int, int, int) Steps(Contract.Spec.RunSpec spec) =>
        (spec.Training.BatchSize, spec.Training.GradientAccumulation, spec.Training.MaxSteps);

    private static (double, int?, double) Rate(Contract.Spec.RunSpec spec) =>
        (spec.Training.LearningRate, spec.Training.Schedule.WarmupSteps, spec.Training.WeightDecay);

    private static (int?, int?, int?) Shape(Contract.Spec.RunSpec spec) =>
        (spec.Model.Layers, spec.Model.Width, spec.Model.ContextLength);
}
