using CodeParrot.Corpus.Decontamination;
using CodeParrot.Corpus.Filters;

namespace CodeParrot.Corpus.Tests;

public sealed class DecontaminationTests : IDisposable
{
    private const string Trivial = "class Point:\n    def add(x, y):\n        return x + y\n";

    private readonly CorpusScenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Theory]
    [InlineData("copied whole", BenchmarkScenario.Prompt + BenchmarkScenario.Solution)]
    [InlineData("its prompt", BenchmarkScenario.Prompt + "    return sum(heights)\n")]
    [InlineData("its solution", "def plateau(heights, slack):\n" + BenchmarkScenario.Solution)]
    [InlineData("its test", BenchmarkScenario.Test)]
    public async Task A_document_with_a_part_of_a_problem_is_dropped(string how, string text)
    {
        // In capitals, in other quotes and indented otherwise, between other code.
        var disguised = text.ToUpperInvariant().Replace("\"\"\"", "'''").Replace("    ", "\t\t");
        _scenario.WithFile("a.py", Other(60) + disguised + Other(80)).WithFile("b.py", Other(99));

        var corpus = await BuildAsync(BenchmarkScenario.Lines());

        Assert.Equal(["b.py"], (await _scenario.ReadAsync(corpus)).Select(document => document.Path));
        Assert.Equal(1, corpus.Manifest.Counts.Dropped[DropReason.Benchmark]);
        Assert.True(corpus.Manifest.Counts.Benchmarks!.Documents["Ours/0"] == 1, how);
    }

    [Fact]
    public async Task An_edited_copy_is_dropped_and_a_passing_likeness_is_kept()
    {
        var edited =
            BenchmarkScenario.Prompt.Replace("neighbouring heights", "adjacent ones") + BenchmarkScenario.Solution;
        _scenario
            .WithFile("edited.py", edited)
            .WithFile("trivial.py", Trivial)
            .WithFile("frame.py", BenchmarkScenario.Test.Split("assert")[0] + Other(30))
            .WithFile("alike.py", "best = 0\nfor start, level in enumerate(heights):\n    end = start\n" + Other(30));

        var corpus = await BuildAsync(BenchmarkScenario.Lines());
        var card = await File.ReadAllTextAsync(_scenario.StorePath($"{corpus.Prefix}/README.md"));

        var kept = (await _scenario.ReadAsync(corpus)).Select(document => document.Path);
        Assert.Equal(["alike.py", "frame.py", "trivial.py"], kept);
        Assert.Equal((5, 1), (corpus.Manifest.Counts.Benchmarks!.Problems, corpus.Manifest.Counts.Benchmarks.TooShort));
        Assert.Contains("| Ours/0 | 1 |", card);
        Assert.Contains("one of 5 problems of benchmarks were dropped; 1 of the problems are too short", card);
    }

    [Fact]
    public async Task What_problems_of_a_list_share_tells_nothing()
    {
        var frame =
            "METADATA = {'author': 'us', 'dataset': 'test', 'kind': 'a frame that all of these problems have in "
            + "common'}\ndef check(candidate):\n    assert candidate";
        _scenario.WithFile("frame.py", frame);

        var shared = await BuildAsync(BenchmarkScenario.Lines());
        // A second list with the same problems makes none of them less telling.
        _scenario.WithFile("whole.py", BenchmarkScenario.Prompt);
        var twice = await BuildAsync(BenchmarkScenario.Lines(), BenchmarkScenario.Lines(), BenchmarkScenario.Lines());

        Assert.Equal(1, shared.Documents);
        Assert.Equal(["frame.py"], (await _scenario.ReadAsync(twice)).Select(document => document.Path));
        // The list is named by two more, and the document still counts once a list.
        Assert.Equal(3, twice.Manifest.Counts.Benchmarks!.Documents["Ours/0"]);
    }

    [Fact]
    public async Task Lines_of_text_are_problems_of_their_own()
    {
        const string line =
            "the quick brown fox jumps over the lazy dog while seventeen sleepy cats watch from a warm wall";
        _scenario.WithFile("a.py", $"# {line}\n").WithFile("b.py", "# a short line\n");

        var corpus = await BuildNamedAsync("list.txt", line + "\n\na short line\n");

        Assert.Equal(["b.py"], (await _scenario.ReadAsync(corpus)).Select(document => document.Path));
        Assert.Equal(1, corpus.Manifest.Counts.Benchmarks!.Documents["list.txt:1"]);
        Assert.Equal(1, corpus.Manifest.Counts.Benchmarks.TooShort);
    }

    [Theory]
    [InlineData("p.jsonl", "nonsense\n", "is not JSON at p.jsonl:1")]
    [InlineData("p.jsonl", "{\"question\": \"why\"}\n", "has no problem at p.jsonl:1")]
    [InlineData("p.jsonl", "[1]\n", "has no problem at p.jsonl:1")]
    [InlineData("p.txt", "\n\n", "holds no problem")]
    [InlineData("p.txt", "too short\n", "holds no text of 16 words")]
    [InlineData("p.jsonl.gz", "this is not gzip", "is truncated or damaged at p.jsonl.gz")]
    public async Task What_is_no_benchmark_ends_the_build(string name, string text, string complaint)
    {
        _scenario.WithFile("a.py", "x = 1");

        var fault = await Assert.ThrowsAsync<BenchmarkUnreadableException>(() => BuildNamedAsync(name, text));

        Assert.Contains(complaint, fault.Message);
        Assert.Contains("spec.corpus.decontaminate: '", fault.Message);
        Assert.DoesNotContain("why", fault.Message);
    }

    [Theory]
    [InlineData("p.jsonl.gz")]
    [InlineData("p.jsonl.zst")]
    public async Task A_truncated_benchmark_ends_the_build(string name)
    {
        _scenario.WithFile("a.py", "x = 1");
        var lines = BenchmarkScenario.Lines();
        var bytes = name.EndsWith("gz") ? CorpusScenario.Gzip(lines) : CorpusScenario.Zstandard(lines);

        await Assert.ThrowsAsync<BenchmarkUnreadableException>(() => BuildNamedAsync(name, bytes[..^9]));
    }

    [Fact]
    public async Task A_benchmark_that_is_not_there_ends_the_build()
    {
        _scenario.WithFile("a.py", "x = 1");

        await Assert.ThrowsAsync<SourceNotFoundException>(() => _scenario.BuildAsync(benchmarks: ["none.jsonl"]));
    }

    [Fact]
    public async Task Other_problems_make_another_name()
    {
        _scenario.WithFile("a.py", "x = 1");
        var lines = BenchmarkScenario.Lines();

        var none = await _scenario.BuildAsync();
        var first = await BuildAsync(lines);
        var gzip = await BuildNamedAsync("elsewhere.jsonl.gz", CorpusScenario.Gzip(lines));
        var other = await BuildAsync(lines.Replace("neighbouring", "other"));

        Assert.Equal(first.Prefix, gzip.Prefix);
        Assert.Equal(3, new[] { none.Prefix, first.Prefix, other.Prefix }.Distinct().Count());
    }

    private Task<CorpusResult> BuildAsync(params string[] lists)
    {
        var names = lists.Select((_, i) => $"problems-{i}.jsonl").ToArray();
        foreach (var (name, text) in names.Zip(lists))
            _scenario.WithBenchmark(name, System.Text.Encoding.UTF8.GetBytes(text));
        return _scenario.BuildAsync(benchmarks: names);
    }

    private Task<CorpusResult> BuildNamedAsync(string name, string text) =>
        BuildNamedAsync(name, System.Text.Encoding.UTF8.GetBytes(text));

    private Task<CorpusResult> BuildNamedAsync(string name, byte[] bytes)
    {
        _scenario.WithBenchmark(name, bytes);
        return _scenario.BuildAsync(benchmarks: [name]);
    }

    private static string Other(int seed) =>
        string.Concat(Enumerable.Range(seed, 40).Select(i => $"value_{i} = compute(value_{i - 1}, {i})\n"));
}
