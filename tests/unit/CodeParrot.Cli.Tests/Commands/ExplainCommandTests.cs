using CodeParrot.Cli.Commands;
using CodeParrot.Contract.Estimate;
using CodeParrot.Contract.Manifest;

namespace CodeParrot.Cli.Tests.Commands;

public sealed class ExplainCommandTests
{
    private const string Text = """
        apiVersion: codeparrot.dev/v1alpha1
        kind: TrainingRun
        metadata: { name: small }
        spec: { corpus: { source: { uri: /data } }, workers: { count: 16 } }
        """;

    [Fact]
    public void Says_parameters_tokens_and_memory_of_the_small_model()
    {
        var head = ExplainCommand.Head(SpecResolver.Resolve(ManifestReader.Read(Text, "run.yaml")));

        Assert.Equal("parameters: 111.0M (111,008,256)", head[0]);
        Assert.Equal("steps:      150,000 of 192 sequences, 196,608 tokens each", head[2]);
        Assert.Equal("tokens:     29.5G", head[3]);
        Assert.Contains("16 ranks", head[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_a_streamed_order_holds_in_memory()
    {
        var streamed = ManifestReader.Read(Text, "run.yaml", ["training.data.order=Streamed"]);

        var head = ExplainCommand.Head(SpecResolver.Resolve(streamed));

        const string Data = "data:       encoded while it is trained on, mixed among 1,024 sequences (8.0 MiB a rank)";
        Assert.Equal(Data, head[4]);
    }

    // The book's two models on its sixteen A100 of 40 GB. Small: 774.4 M operations a token, 29.5 G tokens; XL: 10.11 G
    // and 26.2 G; at 0.4 of 16 × 312 T operations a second.
    [Theory]
    [InlineData("codeparrot-small", "29.5G", 40, "3h10m on 16 A100, 1h00m on 16 H100, at 40 % MFU in Bf16")]
    [InlineData("codeparrot", "26.2G", 40, "36h52m on 16 A100, 11h37m on 16 H100, at 40 % MFU in Bf16")]
    public void Says_memory_tokens_and_hours_of_the_books_models(string sample, string tokens, int gibi, string time)
    {
        var resolved = SpecResolver.Resolve(ManifestReader.ReadFile(PathOf($"crds/samples/{sample}.yaml")));

        var head = ExplainCommand.Head(resolved);

        Assert.Equal($"tokens:     {tokens}", head[3]);
        Assert.Equal($"time:       {time}", head[^1]);
        var estimate = RunEstimate.Of(resolved.Spec, SpecResolver.Shape(resolved.Spec)!);
        Assert.InRange(estimate.RankBytes, 1L << 30, (long)gibi << 30);
    }

    [Fact]
    public void Says_what_near_duplicates_take()
    {
        var manifest = ManifestReader.Read(Text, "run.yaml", ["corpus.deduplicate.near.enabled=true"]);

        var head = ExplainCommand.Head(SpecResolver.Resolve(manifest));

        Assert.Contains(
            head,
            line => line.StartsWith("corpus:     near duplicates take 24 bytes", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Says_that_a_folder_must_be_read_first()
    {
        var head = ExplainCommand.Head(SpecResolver.Resolve(ManifestReader.Read(Text, "run.yaml", ["model.from=/m"])));

        Assert.Contains("folder", head[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.preset=gpt2")]
    [InlineData("model.from=/m")]
    public void Says_what_HumanEval_costs(string model)
    {
        string[] fields = [model, "evaluation.humanEval={ problems: s3://evals/HumanEval.jsonl.gz, samples: 100 }"];

        var head = ExplainCommand.Head(SpecResolver.Resolve(ManifestReader.Read(Text, "run.yaml", fields)));

        Assert.Contains(
            "humaneval:  100 completions a problem of up to 256 tokens; HumanEval's 164 problems make 16,400 programs, "
                + "up to 4.2M tokens",
            head
        );
    }

    private static string PathOf(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "CodeParrot.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, file);
    }
}
