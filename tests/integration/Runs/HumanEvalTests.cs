using System.Text.Json;
using CodeParrot.Integration.Tests.Readme;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>HumanEval as a part of a run, and by hand.</summary>
public sealed class HumanEvalTests : IDisposable
{
    private static readonly string Problems = Path.Combine(Programs.Root, "crds", "samples", "problems.jsonl");
    private static readonly string Reference = Path.Combine(Programs.Root, "tests", "parity", "reference");

    private readonly RunFolder _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_run_ends_with_its_figures()
    {
        var result = await _run.RunAsync(Set(Problems));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("HumanEval pass@1: 0.00 %", result.Output);
        Assert.Contains("0 of 12 problems solved, samples in ", result.Output);
        var outputs = _run.Resource()!["status"]!["stages"]!["evaluate"]!["outputs"]!;
        Assert.Equal("0.00 %", (string?)outputs["passAt1"]);
        Assert.Contains("<h2>HumanEval</h2>", await File.ReadAllTextAsync(Path.Combine(_run.RunPrefix, "report.html")));
        var samples = Assert.Single(
            Directory.GetFiles(Path.Combine(_run.RunPrefix, "humaneval"), "samples.jsonl", SearchOption.AllDirectories)
        );
        Assert.Equal(24, File.ReadLines(samples).Count());
        Assert.Contains("/b1/step-000000012-a1/", samples);
    }

    [Fact]
    public async Task A_run_whose_problems_cannot_be_had_says_so_and_is_published()
    {
        var result = await _run.RunAsync(Set(_run.At("none.jsonl")));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("HumanEval: not run: ", result.Output);
        Assert.Contains("none.jsonl", result.Output);
        Assert.True(File.Exists(Path.Combine(_run.Store, "refs", "main")));
    }

    [Fact]
    public async Task By_hand_it_prints_figures_and_goes_on_where_it_was()
    {
        string[] command = [.. ByHand(Problems), "--k", "1,2", "--output", _run.At("out")];

        var first = await Programs.RunAsync(Programs.Trainer, command);
        var kept = File.ReadAllText(_run.At("out", "samples.jsonl"));
        File.Delete(_run.At("out", "problems", "00003.json"));
        var again = await Programs.RunAsync(Programs.Trainer, command);

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Contains("pass@2", first.Output);
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.StartsWith("12 problems", again.Errors);
        Assert.Contains("\n11 of 12 problems", again.Errors);
        Assert.Equal(kept, File.ReadAllText(_run.At("out", "samples.jsonl")));
        using var summary = JsonDocument.Parse(File.ReadAllText(_run.At("out", "summary.json")));
        Assert.Equal(24, summary.RootElement.GetProperty("samples").GetInt32());
    }

    [Fact]
    public async Task The_self_check_tells_good_problems_from_bad_ones()
    {
        var bad = _run.At("bad.jsonl");
        await File.WriteAllTextAsync(bad, (await File.ReadAllTextAsync(Problems)).Replace("[-2]", "[-1]"));

        var good = await Programs.RunAsync(Programs.Trainer, ["humaneval", "--self-check", "--problems", Problems]);
        var wrong = await Programs.RunAsync(Programs.Trainer, ["humaneval", "--self-check", "--problems", bad]);

        Assert.True(good.ExitCode == 0, good.ToString());
        Assert.Contains("canonical solutions score 1, empty bodies 0", good.Output);
        Assert.True(wrong.ExitCode == 2, wrong.ToString());
        Assert.Contains("CodeParrot/0: the canonical solution must pass: Failed AssertionError", wrong.Output);
    }

    [Fact]
    public async Task The_page_s_commands_do_what_it_says()
    {
        var blocks = DocumentBlocks.Of(DocumentBlocks.Read("docs/evaluation.md"), "sh");
        var path = $"PATH={Path.GetDirectoryName(Programs.Trainer)}:{Environment.GetEnvironmentVariable("PATH")}";

        foreach (var block in blocks)
        {
            var result = await Programs.RunAsync(
                "/usr/bin/env",
                [path, $"MODEL={Reference}", $"RESULTS={_run.At("out")}", "bash", "-euc", block]
            );
            Assert.True(result.ExitCode == 0, result.ToString());
        }

        Assert.Equal(2, blocks.Count);
        Assert.All(
            new[] { "samples.jsonl", "summary.json", "settings.json" },
            name => Assert.True(File.Exists(_run.At("out", name)), name)
        );
    }

    [Theory]
    [InlineData("--samples", "5", "--k", "1,10")]
    [InlineData("--temperature", "0")]
    [InlineData("--digest", "12ab")]
    [InlineData("--timeout", "0")]
    public async Task A_mistake_ends_with_2_before_anything_is_run(params string[] more)
    {
        string[] command = [.. ByHand(Problems), "--output", _run.At("out"), .. more];

        var result = await Programs.RunAsync(Programs.Trainer, command);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.DoesNotContain("   at ", result.Errors);
        Assert.False(Directory.Exists(_run.At("out")));
    }

    [Fact]
    public async Task Where_there_is_no_python_nothing_is_run()
    {
        var result = await Programs.RunAsync(
            "/usr/bin/env",
            ["PATH=/nowhere", Programs.Trainer, .. ByHand(Problems), "--output", _run.At("out")]
        );

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("there is no python3 on the PATH: install", result.Errors);
    }

    private static string[] ByHand(string problems) =>
        [
            "humaneval",
            "--model",
            Reference,
            "--problems",
            problems,
            .. new[] { "--samples", "2", "--max-new-tokens", "8" },
        ];

    private static string[] Set(string problems) =>
        ["--set", $"evaluation.humanEval={{ problems: \"{problems}\", samples: 2, maxNewTokens: 8 }}"];
}
