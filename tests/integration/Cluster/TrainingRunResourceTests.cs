using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Cluster;

/// <summary>The definition of TrainingRun on a real server.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class TrainingRunResourceTests(ControlPlane plane)
{
    private const string Table = "application/json;as=Table;g=meta.k8s.io;v=v1";

    public static TheoryData<string> Samples =>
        [
            .. Directory
                .GetFiles(Path.Combine(Programs.Root, "crds", "samples"), "*.yaml")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(),
        ];

    [Fact]
    public async Task The_definition_is_established_and_without_mistakes()
    {
        plane.Require();

        var answer = await plane.Api.GetAsync(
            "apis/apiextensions.k8s.io/v1/customresourcedefinitions/trainingruns.codeparrot.dev"
        );

        var conditions = answer.Expect(HttpStatusCode.OK).Body["status"]!["conditions"]!
            .AsArray()
            .ToDictionary(c => (string)c!["type"]!, c => (string)c!["status"]!);
        Assert.Equal("True", conditions["Established"]);
        Assert.Equal("True", conditions["NamesAccepted"]);
        Assert.Equal("False", conditions.GetValueOrDefault("NonStructuralSchema", "False"));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_is_taken_and_the_server_fills_in_the_defaults(string sample)
    {
        var space = await plane.NewNamespaceAsync();
        var file = Path.Combine(Programs.Root, "crds", "samples", sample + ".yaml");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);

        var created = await plane.Api.CreateFromYamlAsync(JsonApi.Runs(space), InNamespace(text, space));

        var spec = created.Expect(HttpStatusCode.Created).Body["spec"]!;
        Assert.DoesNotContain("disruption", text, StringComparison.Ordinal);
        Assert.Equal("Allow", (string)spec["disruption"]!);
        Assert.Equal(10, (int)spec["failurePolicy"]!["maxRestarts"]!);
        Assert.Equal("10m", (string)spec["workers"]!["rendezvousTimeout"]!);
        Assert.Equal("", (string)spec["scheduling"]!["queue"]!);
    }

    [Fact]
    public async Task A_value_out_of_bounds_is_refused_at_its_field()
    {
        var space = await plane.NewNamespaceAsync();

        var answer = await plane.Api.CreateAsync(
            JsonApi.Runs(space),
            RunObjects.Small("bad", """{ "training": { "batchSize": 0 }, "model": { "preset": "gpt3" } }""")
        );

        var causes = answer.Expect(HttpStatusCode.UnprocessableEntity).Body["details"]!["causes"]!.AsArray();
        Assert.Equal(
            ["spec.model.preset", "spec.training.batchSize"],
            causes.Select(c => (string)c!["field"]!).Distinct().Order()
        );
    }

    [Fact]
    public async Task Status_and_spec_are_written_apart()
    {
        var space = await plane.NewNamespaceAsync();
        var run = JsonApi.Runs(space, "small");
        var body = RunObjects.Small("small");
        body["status"] = new JsonObject { ["attempt"] = 7 };

        var created = (await plane.Api.CreateAsync(JsonApi.Runs(space), body)).Expect(HttpStatusCode.Created);
        var running = await plane.Api.PatchAsync(
            JsonApi.Runs(space, "small", "status"),
            JsonNode.Parse("""{ "status": { "phase": "Running", "attempt": 1 }, "spec": { "suspend": true } }""")!
        );
        var suspended = await plane.Api.PatchAsync(
            run,
            JsonNode.Parse("""{ "status": { "phase": "Failed" }, "spec": { "suspend": true } }""")!
        );

        Assert.Null(created.Body["status"]?["attempt"]);
        Assert.Equal(1, created.Generation);
        Assert.Equal("Running", (string)running.Expect(HttpStatusCode.OK).Body["status"]!["phase"]!);
        Assert.False((bool)running.Body["spec"]!["suspend"]!);
        Assert.Equal(1, running.Generation);
        Assert.True((bool)suspended.Expect(HttpStatusCode.OK).Body["spec"]!["suspend"]!);
        Assert.Equal("Running", (string)suspended.Body["status"]!["phase"]!);
        Assert.Equal(2, suspended.Generation);
    }

    [Fact]
    public async Task A_list_is_printed_with_the_columns_of_the_definition()
    {
        var space = await plane.NewNamespaceAsync();
        (await plane.Api.CreateAsync(JsonApi.Runs(space), RunObjects.Small("small"))).Expect(HttpStatusCode.Created);
        var status = JsonNode.Parse(
            """
            { "status": { "phase": "Running", "restarts": 2, "latestCheckpoint": "step-000000100-a1",
                          "workers": { "summary": "3/4" }, "progress": { "step": 120, "loss": 4.25, "eta": "1h5m" } } }
            """
        )!;
        (await plane.Api.PatchAsync(JsonApi.Runs(space, "small", "status"), status)).Expect(HttpStatusCode.OK);

        var table = (await plane.Api.GetAsync(JsonApi.Runs(space), Table)).Expect(HttpStatusCode.OK).Body;

        Assert.Equal(
            ["Name", "Phase", "Step", "Loss", "Workers", "Restarts", "Checkpoint", "ETA", "Age"],
            table["columnDefinitions"]!.AsArray().Select(c => (string)c!["name"]!)
        );
        var cells = Assert.Single(table["rows"]!.AsArray())!["cells"]!.AsArray().Select(c => $"{c}").ToList();
        Assert.Equal(["small", "Running", "120", "4.25", "3/4", "2", "step-000000100-a1", "1h5m"], cells[..^1]);
    }

    private static string InNamespace(string manifest, string space)
    {
        // A sample may name a namespace of its own, which the server compares with the path's.
        var lines = manifest
            .Split('\n')
            .Select(line => line.StartsWith("  namespace:") ? $"  namespace: {space}" : line);
        return string.Join('\n', lines);
    }
}
