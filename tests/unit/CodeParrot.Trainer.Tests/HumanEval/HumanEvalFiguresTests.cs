using CodeParrot.Evaluation.HumanEval.Results;
using CodeParrot.Evaluation.HumanEval.Sandbox;
using CodeParrot.Trainer.HumanEval;

namespace CodeParrot.Trainer.Tests.HumanEval;

public sealed class HumanEvalFiguresTests
{
    private static readonly HumanEvalSummary _summary = new()
    {
        PassAt = new Dictionary<int, double> { [1] = 0.03803, [10] = 0.0657 },
        Problems = 164,
        Solved = 12,
        Samples = 32_800,
        Passed = 1_247,
        Failed = 31_500,
        TimedOut = 53,
        Errors = "abcdefgh".ToDictionary(c => $"{c}", _ => 2),
        PassedByProblem = new Dictionary<string, int>(),
        CutPrompts = 3,
        Tokens = 1_000_000,
        TokensPerSecond = 1234.5,
        Python = "3.11.2",
        Isolation = Isolation.Filter,
        Settings = new()
        {
            Model = "m",
            Problems = "0123",
            Samples = 200,
            Temperature = 0.2,
            TopP = 0.95,
            MaxNewTokens = 256,
            Seed = 1,
            TimeoutSeconds = 3,
            MemoryBytes = 1,
        },
    };

    [Fact]
    public void The_report_says_all_that_a_figure_depends_on()
    {
        var figures = HumanEvalFigures.Of(_summary).ToDictionary(figure => figure.Name, figure => figure.Value);

        Assert.Equal("3.80 %", figures["pass@1"]);
        Assert.Equal("6.57 %", figures["pass@10"]);
        Assert.Equal("32,800 in all, 200 a problem, at temperature 0.2 and top-p 0.95", figures["Samples"]);
        Assert.Equal("1,247 passed, 31,500 failed, 53 timed out", figures["Outcomes"]);
        Assert.Equal("a 2, b 2, c 2, d 2, e 2, f 2, …", figures["Failures"]);
        Assert.Equal("Python 3.11.2, isolation Filter", figures["Run by"]);
        Assert.StartsWith("3 prompts", figures["Cut prompts"]);
    }

    [Fact]
    public void Outputs_are_few_and_short()
    {
        var outputs = HumanEvalFigures.Outputs(_summary, "/runs/samples.jsonl").ToDictionary();

        Assert.Equal(["passAt1", "passAt10", "humanEval"], outputs.Keys);
        Assert.Equal("12 of 164 problems solved, samples in /runs/samples.jsonl", outputs["humanEval"]);
        Assert.Equal(
            "HumanEval: pass@1 3.80 %, pass@10 6.57 %; 12 of 164 problems solved",
            HumanEvalFigures.Line(_summary)
        );
    }
}
