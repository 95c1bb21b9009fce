using System.Text.Json;
using CodeParrot.Evaluation.HumanEval;
using CodeParrot.Evaluation.HumanEval.Problems;
using CodeParrot.Evaluation.HumanEval.Results;
using CodeParrot.Evaluation.HumanEval.Sandbox;
using CodeParrot.Evaluation.Tests.HumanEval.Sandbox;
using CodeParrot.Model;
using CodeParrot.Storage;
using CodeParrot.Tokenizer;

namespace CodeParrot.Evaluation.Tests.HumanEval;

public sealed class HumanEvalRunnerTests(Sandboxes sandboxes) : IClassFixture<Sandboxes>, IDisposable
{
    private static readonly BpeTokenizer _tokenizer = BpeTokenizer.Load(ReferenceFolder.Path);
    private static readonly HumanEvalOptions _options = new()
    {
        Samples = 3,
        MaxNewTokens = 6,
        Temperature = 0.8,
    };

    // What the book's model cannot do, this one writes by heart.
    private static readonly HumanEvalProblem _adding = new(
        "own/add",
        "\n\ndef add(a, b):\n    \"\"\" Add. \"\"\"\n",
        "add",
        "    return a + b\n",
        "def check(candidate):\n    assert candidate(2, 3) == 5\n"
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-humaneval-").FullName;
    private readonly Gpt2 _model = TinyModel.New(vocabulary: 640, context: 160);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("\n    return a + b\n\ndef next(", "\n    return a + b\n", SandboxOutcome.Passed, null)]
    [InlineData("\n    return b\n# end", "\n    return b", SandboxOutcome.Failed, "AssertionError")]
    [InlineData("\n    return a + b<|endoftext|>x", "\n    return a + b", SandboxOutcome.Passed, null)]
    public async Task Cuts_a_completion_after_its_block_and_tests_it(
        string written,
        string completion,
        SandboxOutcome result,
        string? error
    )
    {
        var script = _tokenizer.Encode(written);
        var prompt = _tokenizer.Encode(_adding.Prompt.Trim()).Count + 1;
        using var model = ScriptedModel.Writing(script, prompt, _tokenizer.VocabularySize);
        var options = _options with { MaxNewTokens = script.Count, Temperature = 0.01 };

        var summary = await RunAsync(model, new([_adding], "digest"), options);

        var sample = Samples()[0];
        Assert.Equal((completion, result, error), (sample.Completion, sample.Result, sample.Error));
        Assert.Equal(result == SandboxOutcome.Passed ? 1 : 0, summary.PassAt[1]);
        Assert.Equal([1], summary.PassAt.Keys);
        Assert.Equal(3, Samples().Count);
    }

    [Fact]
    public async Task Writes_a_line_a_sample_and_sums_up()
    {
        var summary = await RunAsync(_model, OwnProblems.File, _options);

        Assert.Equal((12, 36, 0), (summary.Problems, summary.Samples, summary.Passed));
        Assert.Equal(36, summary.Failed + summary.TimedOut);
        Assert.Equal(summary.Failed, summary.Errors.Values.Sum());
        Assert.Equal(0, summary.PassAt[1]);
        Assert.Equal(OwnProblems.File.Problems.Select(p => p.TaskId), summary.PassedByProblem.Keys);
        Assert.InRange(summary.Tokens, 1, 36 * 6);
        // The largest prompts are longer than the context of this model.
        Assert.InRange(summary.CutPrompts, 1, 12);
        using var line = JsonDocument.Parse(File.ReadLines(Path.Combine(_folder, "samples.jsonl")).First());
        Assert.Equal("CodeParrot/0", line.RootElement.GetProperty("task_id").GetString());
        Assert.False(line.RootElement.GetProperty("passed").GetBoolean());
        Assert.Equal("failed", line.RootElement.GetProperty("result").GetString());
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "summary.json")));
        Assert.Equal(0, file.RootElement.GetProperty("passAt").GetProperty("1").GetDouble());
    }

    [Fact]
    public async Task A_stopped_run_goes_on_where_it_was_and_comes_to_the_same()
    {
        using var stop = new CancellationTokenSource();
        var told = new List<int>();
        var progress = new Teller(p =>
        {
            told.Add(p.Problems);
            if (p.Problems == 5)
            {
                stop.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            RunAsync(_model, OwnProblems.File, _options, progress, stop.Token)
        );
        var kept = Directory.GetFiles(Path.Combine(_folder, "problems")).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        told.Clear();
        await RunAsync(_model, OwnProblems.File, _options, progress);
        var resumed = Samples();
        Directory.Delete(_folder, recursive: true);
        await RunAsync(_model, OwnProblems.File, _options);

        Assert.InRange(kept.Count, 5, 11);
        Assert.Equal(Enumerable.Range(kept.Count, 12 - kept.Count + 1), told);
        Assert.Equal(Samples(), resumed);
    }

    [Fact]
    public async Task A_problem_s_completions_do_not_depend_on_the_others()
    {
        await RunAsync(_model, OwnProblems.File, _options);
        var among = Samples().Where(s => s.TaskId == "CodeParrot/7").Select(s => s.Completion).ToList();
        Directory.Delete(_folder, recursive: true);

        await RunAsync(_model, OwnProblems.File with { Problems = [OwnProblems.File.Problems[7]] }, _options);

        Assert.Equal(among, Samples().Select(s => s.Completion));
        Assert.True(among.Distinct().Count() > 1);
    }

    [Fact]
    public async Task Results_of_other_settings_are_left_alone()
    {
        await RunAsync(_model, OwnProblems.File, _options);

        var error = await Assert.ThrowsAsync<ResultsMismatchException>(() =>
            RunAsync(_model, OwnProblems.File, _options with { Temperature = 0.5 })
        );

        Assert.Contains(_folder, error.Message);
    }

    [Fact]
    public async Task Every_mistake_of_the_options_is_named()
    {
        var options = new HumanEvalOptions
        {
            Samples = 5,
            Temperature = 0,
            TopP = 1.5,
            MaxNewTokens = 0,
            PassAt = [1, 10],
        };

        var error = await Assert.ThrowsAsync<HumanEvalOptionsException>(() =>
            RunAsync(_model, OwnProblems.File, options)
        );

        Assert.Equal(
            ["k", "maxNewTokens", "temperature", "topP"],
            error.Errors.Select(mistake => mistake.Split(':')[0])
        );
    }

    private async Task<HumanEvalSummary> RunAsync(
        Gpt2 model,
        ProblemsFile problems,
        HumanEvalOptions options,
        IProgress<HumanEvalProgress>? progress = null,
        CancellationToken? token = null
    )
    {
        using var store = ObjectStores.Open(new StoreOptions { Uri = _folder }, TimeProvider.System);
        var settings = new HumanEvalSettings
        {
            Model = "model",
            Problems = problems.Digest,
            Samples = options.Samples,
            Temperature = options.Temperature,
            TopP = options.TopP,
            MaxNewTokens = options.MaxNewTokens,
            Seed = options.Seed,
            TimeoutSeconds = 0.5,
            MemoryBytes = 1,
        };
        var runner = new HumanEvalRunner(new(model, _tokenizer), sandboxes.Full, TimeProvider.System);
        return await runner.RunAsync(
            problems,
            options,
            settings,
            new HumanEvalResults(store, ""),
            progress,
            token ?? Token
        );
    }

    private List<HumanEvalSample> Samples() =>
        [
            .. File.ReadLines(Path.Combine(_folder, "samples.jsonl"))
                .Select(line => JsonSerializer.Deserialize<HumanEvalSample>(line, HumanEvalResults.Json)!),
        ];

    private sealed class Teller(Action<HumanEvalProgress> tell) : IProgress<HumanEvalProgress>
    {
        public void Report(HumanEvalProgress value) => tell(value);
    }
}
