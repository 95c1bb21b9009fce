using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.Reports;

namespace CodeParrot.Cli.Tests.Reports;

public sealed class RunSummaryTests
{
    [Fact]
    public void Says_figures_places_and_completions()
    {
        var lines = Of(
            ("loss", "1.5"),
            ("perplexity", "4.48"),
            ("passAt1", "3.80 %"),
            ("passAt100", "12.78 %"),
            ("humanEval", "21 of 164 problems solved, samples in /runs/samples.jsonl"),
            ("lossCurve", "/runs/loss.png"),
            ("completions", "def f():\n    return 1\n")
        );

        Assert.Equal(
            [
                "run small is done",
                "  loss on held-out files: 1.5",
                "  perplexity: 4.48",
                "  HumanEval pass@1: 3.80 %",
                "  HumanEval pass@100: 12.78 %",
                "  HumanEval: 21 of 164 problems solved, samples in /runs/samples.jsonl",
                "  loss curve: /runs/loss.png",
                "  model folder: /newest",
                "completions:",
                "  def f():",
                "      return 1",
            ],
            lines
        );
    }

    private static IReadOnlyList<string> Of(params (string Name, string Value)[] outputs)
    {
        var stage = new StageStatus { Outputs = outputs.ToDictionary(o => o.Name, o => o.Value) };
        var run = new TrainingRun
        {
            Metadata = new ObjectMetadata { Name = "small" },
            Status = new RunStatus { Stages = new Dictionary<string, StageStatus> { ["evaluate"] = stage } },
        };
        return RunSummary.Of(run, "/newest");
    }
}
