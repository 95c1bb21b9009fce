using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>Runs whose corpus is built by several pods together.</summary>
public sealed class CorpusWorkersTests : IDisposable
{
    // So many files are cut into three pieces.
    private const int Files = 8_200;

    private readonly RunFolder _run = new();
    private readonly RunFolder _alone = new();

    public CorpusWorkersTests()
    {
        for (var i = 0; i < Files; i++)
        {
            // Every fifth text is there twice, in pieces of two workers.
            var text = i % 5 == 0 ? i % 4_100 : i;
            var path = _run.At("source", $"{i / 100:D3}", $"{i:D5}.py");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, $"value_{text} = {text}\ndef f_{text}(x):\n    return x * {text}\n");
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _alone.Dispose();
    }

    [Fact]
    public async Task Two_pods_build_the_corpus_that_one_builds()
    {
        var alone = await Programs.RunAsync(
            Programs.Trainer,
            ["corpus", "build", "--spec", _alone.Manifest, .. Source],
            folder: _alone.Folder
        );
        var expected = Corpus(_alone.At(".codeparrot"));

        var result = await _run.RunAsync([.. Source, .. Workers]);

        Assert.True(alone.ExitCode == 0, alone.ToString());
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(expected, Corpus(_run.Store));
        Assert.Contains(expected.Keys, key => key.EndsWith("validation.jsonl.zst", StringComparison.Ordinal));
        Assert.Contains("made 1 parts of corpora/", Log("corpus-a1-1"));
        Assert.Empty(Directory.GetDirectories(_run.Store, "parts", SearchOption.AllDirectories));
        Assert.Equal(4, _run.Metric("loss/train").Keys.Max());
    }

    [Fact]
    public async Task A_killed_worker_comes_again_and_the_corpus_is_the_same()
    {
        await Programs.RunAsync(
            Programs.Trainer,
            ["corpus", "build", "--spec", _alone.Manifest, .. Source],
            folder: _alone.Folder
        );
        using var process = Programs.Start(
            Programs.CodeParrot,
            ["run", "-f", _run.Manifest, "--state", _run.State, .. Source, .. Workers]
        );
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

        await KillAsync("corpus-a1-0");
        var ended = await Programs.EndAsync(process);

        Assert.True(ended && process.ExitCode == 0, string.Join('\n', await output));
        Assert.Equal(Corpus(_alone.At(".codeparrot")), Corpus(_run.Store));
        Assert.NotEmpty(Directory.GetDirectories(_run.State, "*corpus-a2-1", SearchOption.AllDirectories));
    }

    private string[] Source =>
        [
            "--set",
            $"corpus.source.uri=file://{_run.At("source")}",
            "--set",
            "corpus.source.format=Files",
            "--set",
            "corpus.deduplicate.near.enabled=true",
        ];

    private static string[] Workers => ["--set", "corpus.workers=2", "--set", "training.maxSteps=4"];

    private string Log(string pod) =>
        string.Concat(
            Directory
                .GetDirectories(_run.State, $"*{pod}", SearchOption.AllDirectories)
                .SelectMany(folder => Directory.GetFiles(folder, "std*.log"))
                .Select(File.ReadAllText)
        );

    // As soon as it has a process: whatever it is at, what it stored is kept.
    private async Task KillAsync(string pod)
    {
        for (var tries = 0; tries < 6_000; tries++)
        {
            var file = Directory.Exists(_run.State)
                ? Directory.GetFiles(_run.State, "pid", SearchOption.AllDirectories).Where(f => f.Contains(pod))
                : [];
            if (
                file.FirstOrDefault() is { } path
                && int.TryParse(await File.ReadAllTextAsync(path), CultureInfo.InvariantCulture, out var leader)
            )
            {
                Signals.Send(-leader, Signals.Kill);
                return;
            }

            await Task.Delay(20);
        }

        Assert.Fail($"{pod} was not started in two minutes");
    }

    /// <summary>Objects of the one corpus below a folder by their names, but for dates.</summary>
    private static SortedDictionary<string, string> Corpus(string folder)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var manifest = Assert.Single(Directory.GetFiles(folder, "corpus.json", SearchOption.AllDirectories));
        var root = Path.GetDirectoryName(manifest)!;
        foreach (var file in Directory.GetFiles(root))
        {
            var name = Path.Combine(Path.GetFileName(root), Path.GetFileName(file));
            found[name] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
            if (file == manifest)
            {
                var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
                json.Remove("createdAt");
                found[name] = json.ToJsonString();
            }
        }

        return found;
    }
}
