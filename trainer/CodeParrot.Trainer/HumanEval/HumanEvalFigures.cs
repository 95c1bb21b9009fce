using System.Globalization;
using CodeParrot.Evaluation.HumanEval.Results;
using CodeParrot.Evaluation.Reports;

namespace CodeParrot.Trainer.HumanEval;

/// <summary>What HumanEval came to, as people read it.</summary>
internal static class HumanEvalFigures
{
    private const int MostErrors = 6;

    /// <summary>Lines of the report.</summary>
    public static IReadOnlyList<ReportFigure> Of(HumanEvalSummary summary) =>
        [
            .. summary.PassAt.Select(p => new ReportFigure($"pass@{p.Key}", Percent(p.Value))),
            new("Problems", Text($"{summary.Problems:N0}, {summary.Solved:N0} of them solved by at least one sample")),
            new(
                "Samples",
                Text($"{summary.Samples:N0} in all, {summary.Settings.Samples:N0} a problem, at temperature ")
                    + Text($"{summary.Settings.Temperature} and top-p {summary.Settings.TopP}")
            ),
            new(
                "Outcomes",
                Text($"{summary.Passed:N0} passed, {summary.Failed:N0} failed, {summary.TimedOut:N0} timed out")
            ),
            .. Errors(summary),
            .. CutPrompts(summary),
            new("Generated", Text($"{summary.Tokens:N0} tokens, {summary.TokensPerSecond:N0} a second")),
            new("Run by", $"Python {summary.Python}, isolation {summary.Isolation}"),
            new("Problems' SHA-256", summary.Settings.Problems),
        ];

    /// <summary>Outputs of the stage, by name.</summary>
    /// <param name="summary">The figures.</param>
    /// <param name="samples">Where the samples are.</param>
    public static IEnumerable<KeyValuePair<string, string>> Outputs(HumanEvalSummary summary, string samples) =>
        [
            .. summary.PassAt.Select(p => KeyValuePair.Create(Text($"passAt{p.Key}"), Percent(p.Value))),
            KeyValuePair.Create(
                "humanEval",
                Text($"{summary.Solved:N0} of {summary.Problems:N0} problems solved, samples in {samples}")
            ),
        ];

    /// <summary>One line for the log.</summary>
    public static string Line(HumanEvalSummary summary) =>
        "HumanEval: "
        + string.Join(", ", summary.PassAt.Select(p => $"pass@{p.Key} {Percent(p.Value)}"))
        + Text($"; {summary.Solved:N0} of {summary.Problems:N0} problems solved");

    /// <summary>A share as the papers print it.</summary>
    public static string Percent(double share) => Text($"{100 * share:F2} %");

    private static IEnumerable<ReportFigure> Errors(HumanEvalSummary summary)
    {
        if (summary.Errors.Count > 0)
        {
            var most = summary.Errors.Take(MostErrors).Select(e => Text($"{e.Key} {e.Value:N0}"));
            yield return new("Failures", string.Join(", ", most) + (summary.Errors.Count > MostErrors ? ", …" : ""));
        }
    }

    private static IEnumerable<ReportFigure> CutPrompts(HumanEvalSummary summary)
    {
        if (summary.CutPrompts > 0)
        {
            yield return new(
                "Cut prompts",
                Text($"{summary.CutPrompts:N0} prompts lost their beginning: the model's context is too short")
            );
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
