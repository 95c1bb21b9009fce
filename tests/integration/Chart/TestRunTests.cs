using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>The run of <c>helm test</c>, trained here by the real trainer.</summary>
public sealed class TestRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-test-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_trains_on_the_chart_s_own_corpus_and_publishes_nothing()
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of("cpu"));
        var run = chart.Single("TrainingRun");
        var spec = run["spec"]!.AsObject();
        // What only a cluster has: the store, the mounted corpus, the finalizer.
        spec.Remove("store");
        spec.Remove("stages");
        spec.Remove("retainArtifacts");
        var map = chart.OfKind("ConfigMap").Single(m => RenderedChart.NameOf(m) == "codeparrot-test-corpus");
        var corpus = Path.Combine(_folder, "corpus.jsonl");
        await File.WriteAllTextAsync(corpus, (string)map["data"]!["corpus.jsonl"]!);
        Assert.EndsWith("/corpus.jsonl", (string)spec["corpus"]!["source"]!["uri"]!, StringComparison.Ordinal);
        spec["corpus"]!["source"]!["uri"] = $"file://{corpus}";
        run["metadata"] = new JsonObject { ["name"] = RenderedChart.NameOf(run) };
        var manifest = Path.Combine(_folder, "run.yaml");
        await File.WriteAllTextAsync(manifest, run.ToJsonString());

        var result = await Programs.RunAsync(
            Programs.CodeParrot,
            ["run", "-f", manifest, "--state", Path.Combine(_folder, "state")],
            folder: _folder
        );

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.False(File.Exists(Path.Combine(_folder, "state", "store", "refs", "main")));
    }

    [Fact]
    public async Task Its_corpus_is_mounted_where_it_is_read()
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of("cpu"));
        var spec = chart.Single("TrainingRun")["spec"]!;
        var template = spec["stages"]!["corpus"]!["template"]!;

        var folder = (string)template["volumeMounts"]![0]!["mountPath"]!;
        var map = (string)template["volumes"]![0]!["configMap"]!["name"]!;

        Assert.Equal($"file://{folder}/corpus.jsonl", (string)spec["corpus"]!["source"]!["uri"]!);
        Assert.Contains(chart.OfKind("ConfigMap"), m => RenderedChart.NameOf(m) == map);
        Assert.Equal("s3://models/test", (string)spec["store"]!["uri"]!);
    }
}
