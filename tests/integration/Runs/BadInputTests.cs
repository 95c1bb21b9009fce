using System.IO.Compression;
using System.Text;

namespace CodeParrot.Integration.Tests.Runs;

public sealed class BadInputTests : IDisposable
{
    private readonly RunFolder _run = new();

    public void Dispose() => _run.Dispose();

    /// <summary>A change to the tiny manifest, and what the message must name.</summary>
    public static TheoryData<string, string> Mistakes =>
        new()
        {
            { "model.heads=3", "spec.model.heads" },
            { "tokenizer.train.vocabularySize=100", "spec.tokenizer.train.vocabularySize" },
            { "workers.count=0", "spec.workers.count" },
            { "training.maxStep=3", "spec.training.maxStep" },
            { "training.precision=Fp8", "spec.training.precision" },
            { "corpus.source.uri=", "spec.corpus.source.uri" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_in_the_manifest_is_named_with_its_path(string assignment, string path)
    {
        var result = await _run.RunAsync("--set", assignment);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(path, result.Errors);
        Assert.DoesNotContain("   at ", result.Errors);
        Assert.False(Directory.Exists(_run.Store));
    }

    [Fact]
    public async Task All_mistakes_are_named_at_once()
    {
        var result = await _run.RunAsync("--set", "model.heads=3", "--set", "workers.count=0");

        Assert.Contains("spec.model.heads", result.Errors);
        Assert.Contains("spec.workers.count", result.Errors);
    }

    [Fact]
    public async Task A_missing_source_ends_the_run_with_its_name()
    {
        var result = await _run.RunAsync("--set", "corpus.source.uri=file:///nowhere/at/all");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("/nowhere/at/all", result.Errors + result.Output);
    }

    [Fact]
    public async Task A_source_without_a_usable_document_says_why_each_was_dropped()
    {
        var result = await _run.RunAsync("--set", "corpus.filters.minBytes=1000000");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("document", result.Errors + result.Output);
    }

    [Fact]
    public async Task Bad_lines_are_counted_and_the_run_goes_on()
    {
        var source = _run.At("bad.jsonl");
        var good = File.ReadLines(RunFolder.Documents).Take(120).ToList();
        good.Insert(3, "{ this is not JSON");
        good.Insert(5, "{\"content\": \"with a \\u0000 byte in it, long enough to pass the filter\"}");
        File.WriteAllLines(source, good);

        var result = await _run.RunAsync("--set", $"corpus.source.uri=file://{source}", "--set", "training.maxSteps=4");

        Assert.True(result.ExitCode == 0, result.ToString());
        var card = Directory.GetFiles(Path.Combine(_run.Store, "corpora"), "corpus.json", SearchOption.AllDirectories);
        Assert.Contains("bad.jsonl", File.ReadAllText(Assert.Single(card)));
    }

    [Fact]
    public async Task Too_many_bad_lines_end_the_run_with_the_first_of_them()
    {
        var source = _run.At("worse.jsonl");
        File.WriteAllLines(source, Enumerable.Repeat("nonsense", 20));

        var result = await _run.RunAsync(
            "--set",
            $"corpus.source.uri=file://{source}",
            "--set",
            "corpus.maxBadDocuments=5"
        );

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("worse.jsonl", result.Errors + result.Output);
    }

    [Fact]
    public async Task A_truncated_gzip_file_is_named_and_what_stands_before_the_cut_is_kept()
    {
        var whole = Gzip(File.ReadAllText(RunFolder.Documents));
        Directory.CreateDirectory(_run.At("source"));
        File.WriteAllBytes(_run.At("source", "cut.jsonl.gz"), whole[..(whole.Length / 2)]);

        var result = await _run.RunAsync(
            "--set",
            $"corpus.source.uri=file://{_run.At("source")}",
            "--set",
            "corpus.source.format=Auto",
            "--set",
            "training.maxSteps=4"
        );

        Assert.True(result.ExitCode == 0, result.ToString());
        var card = Directory.GetFiles(Path.Combine(_run.Store, "corpora"), "corpus.json", SearchOption.AllDirectories);
        Assert.Contains("cut.jsonl.gz", File.ReadAllText(Assert.Single(card)));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_named_and_the_one_before_is_used()
    {
        string[] train = ["train", "--spec", _run.Manifest, "--set", $"store.uri=file://{_run.Store}"];
        await Programs.RunAsync(Programs.Trainer, train, folder: _run.Folder);
        var losses = _run.Metric("loss/train");
        var weights = Path.Combine(_run.RunPrefix, "branches", _run.Checkpoints()[^1], "model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^5] ^= 1;
        File.WriteAllBytes(weights, bytes);

        string[] verify = ["store", "verify", .. train[1..]];
        var verified = await Programs.RunAsync(Programs.Trainer, verify, folder: _run.Folder);
        var resumed = await Programs.RunAsync(Programs.Trainer, train, folder: _run.Folder);

        Assert.Equal(3, verified.ExitCode);
        Assert.Contains("step-000000012-a1/model.safetensors", verified.Errors);
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Contains("step-000000012-a1/model.safetensors", resumed.Errors);
        Assert.Equal(losses, _run.Metric("loss/train"));
        Assert.Contains("b1/step-000000012-a2", _run.Checkpoints());
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
