using CodeParrot.Cli.Commands;
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
    public void Says_that_a_folder_must_be_read_first()
    {
        var head = ExplainCommand.Head(SpecResolver.Resolve(ManifestReader.Read(Text, "run.yaml", ["model.from=/m"])));

        Assert.Contains("folder", head[0], StringComparison.Ordinal);
    }
}
