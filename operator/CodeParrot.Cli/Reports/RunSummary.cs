using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Reports;

/// <summary>What a finished run came to.</summary>
internal static class RunSummary
{
    // Names that the stages give their outputs, in the order in which people want to read them.
    private static readonly (string Output, string Label)[] Known =
    [
        ("loss", "loss on held-out files"),
        ("perplexity", "perplexity"),
        ("passAt1", "HumanEval pass@1"),
        ("passAt10", "HumanEval pass@10"),
        ("passAt100", "HumanEval pass@100"),
        ("humanEval", "HumanEval"),
        ("trainingTime", "time in training steps"),
        ("tokensPerSecond", "tokens a second"),
        ("mfu", "utilisation (MFU)"),
        ("goodput", "goodput"),
        ("peakMemory", "peak memory of rank 0"),
        ("peakDeviceMemory", "peak GPU memory of rank 0"),
        ("straggler", "slowest rank"),
        ("lossCurve", "loss curve"),
        ("report", "report"),
        ("published", "published"),
        ("modelFolder", "model folder"),
    ];

    // An output that is a text of several lines rather than a figure or a place.
    private const string Completions = "completions";

    /// <summary>Lines for the end of <c>codeparrot run</c>.</summary>
    /// <param name="run">The finished run.</param>
    /// <param name="modelFolder">
    /// The newest checkpoint's folder, for a run that publishes nothing; null for none.
    /// </param>
    public static IReadOnlyList<string> Of(TrainingRun run, string? modelFolder)
    {
        var outputs = Outputs(run);
        if (modelFolder is not null)
        {
            outputs.TryAdd("modelFolder", modelFolder);
        }

        var lines = new List<string> { $"run {run.Metadata.Name} is done" };
        lines.AddRange(
            Known.Where(k => outputs.ContainsKey(k.Output)).Select(k => $"  {k.Label}: {outputs[k.Output]}")
        );
        if (outputs.GetValueOrDefault(Completions) is { Length: > 0 } completions)
        {
            lines.Add("completions:");
            lines.AddRange(completions.TrimEnd().Split('\n').Select(l => "  " + l));
        }

        return lines;
    }

    private static Dictionary<string, string> Outputs(TrainingRun run)
    {
        var outputs = new Dictionary<string, string>();
        foreach (var stage in new[] { StageNames.Train, StageNames.Evaluate, StageNames.Publish })
        {
            foreach (var (name, value) in run.Status.Stages.GetValueOrDefault(stage)?.Outputs.ToDictionary() ?? [])
            {
                outputs[name] = value;
            }
        }

        return outputs;
    }
}
