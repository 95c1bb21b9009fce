using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Readme;

public sealed class ReadmeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-readme-").FullName;

    private static string Readme { get; } = DocumentBlocks.Read("README.md");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Path.Combine(Programs.Root, "crds", "samples"), "*.yaml").Order()];

    [Fact]
    public async Task The_readme_s_manifest_trains()
    {
        var manifest = Path.Combine(_folder, "run.yaml");
        await File.WriteAllTextAsync(manifest, DocumentBlocks.Of(Readme, "yaml").Single());

        var result = await Programs.RunAsync(
            Programs.CodeParrot,
            ["run", "-f", manifest, "--state", Path.Combine(_folder, "state"), .. Small(RunFolder.Documents)],
            folder: _folder
        );

        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_sample_is_accepted_and_explained(string sample)
    {
        var result = await Programs.RunAsync(Programs.CodeParrot, ["explain", "-f", sample]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("parameters", result.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_two_commands_are_make_targets_and_the_first_runs()
    {
        Assert.Equal(
            ["make run\n", "make test\n"],
            DocumentBlocks.Of(DocumentBlocks.Section(Readme, "Two commands"), "sh")
        );
        var corpus = Path.Combine(_folder, "python");
        Directory.CreateDirectory(corpus);
        foreach (var index in Enumerable.Range(0, 60))
        {
            await File.WriteAllTextAsync(Path.Combine(corpus, $"module{index}.py"), Module(index));
        }

        // The build is what these tests run from; everything else is what a user's `make run` does.
        string[] small =
        [
            "training.maxSteps=4",
            "training.schedule.warmupSteps=1",
            "tokenizer.train.vocabularySize=300",
            "evaluation.maxSteps=1",
        ];
        // The flags of the make that runs these tests are not the user's.
        var result = await Programs.RunAsync(
            "/usr/bin/env",
            [
                "--unset=MAKEFLAGS",
                "--unset=MAKELEVEL",
                "make",
                "--assume-old=build",
                "run",
                $"CORPUS={corpus}",
                $"STATE={Path.Combine(_folder, "state")}",
                $"RUN_FLAGS={string.Join(' ', small.Select(s => "--set " + s))}",
            ]
        );

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("perplexity", result.Output, StringComparison.OrdinalIgnoreCase);
    }

    private static string[] Small(string documents) =>
        [
            "--set",
            $"corpus.source={{uri: \"file://{documents}\", format: JsonLines}}",
            "--set",
            "corpus.filters.minBytes=16",
            "--set",
            "tokenizer.train.vocabularySize=400",
            "--set",
            "model={layers: 1, heads: 2, width: 32, contextLength: 64}",
            "--set",
            "training.maxSteps=4",
        ];

    private static string Module(int index) =>
        string.Concat(
            Enumerable
                .Range(0, 12)
                .Select(i => $"def function_{index}_{i}(value):\n    return value * {index} + {i}\n\n\n")
        );
}
