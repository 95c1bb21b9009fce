using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Readme;

/// <summary>Parts of a TrainingRun that the documents show: each one makes a run that is accepted.</summary>
public sealed class DocumentManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-documents-").FullName;

    private static readonly string[] Documents =
    [
        "docs/stores.md",
        "docs/gangs.md",
        "docs/gpus.md",
        "docs/evaluation.md",
        "docs/operating.md",
    ];

    /// <summary>Document, and the number of the block in it.</summary>
    public static TheoryData<string, int> Parts
    {
        get
        {
            var parts = new TheoryData<string, int>();
            foreach (var path in Documents)
            {
                var blocks = DocumentBlocks.Of(DocumentBlocks.Read(path), "yaml");
                foreach (var index in Enumerable.Range(0, blocks.Count).Where(i => !IsOfOthers(blocks[i])))
                {
                    parts.Add(path, index);
                }
            }

            return parts;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task A_part_of_a_run_is_accepted(string path, int index)
    {
        var block = DocumentBlocks.Of(DocumentBlocks.Read(path), "yaml")[index];
        var spec = block.StartsWith("spec:", StringComparison.Ordinal) ? block : "spec:\n" + Indented(block);
        var manifest = Path.Combine(_folder, "run.yaml");
        await File.WriteAllTextAsync(
            manifest,
            "apiVersion: codeparrot.dev/v1alpha1\nkind: TrainingRun\nmetadata: { name: shown }\n"
                + spec
                + "  corpus: { source: { uri: s3://datasets/python/ } }\n"
        );

        var result = await Programs.RunAsync(Programs.CodeParrot, ["explain", "-f", manifest]);

        Assert.True(result.ExitCode == 0, $"{block}\n{result}");
    }

    // Objects of Kueue and Volcano, which only those judge, and values of the chart.
    private static bool IsOfOthers(string block) =>
        block.StartsWith("apiVersion:", StringComparison.Ordinal)
        || block.StartsWith("images:", StringComparison.Ordinal);

    private static string Indented(string block) =>
        string.Concat(block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"  {l}\n"));
}
