using System.Globalization;
using CodeParrot.Training;

namespace CodeParrot.Trainer.Stages;

/// <summary>What an attempt came to, for people.</summary>
internal static class SummaryTable
{
    private const double Gibi = 1 << 30;

    /// <summary>The lines of the table.</summary>
    public static IEnumerable<string> Of(AttemptSummary summary)
    {
        yield return "summary of this attempt";
        foreach (var (_, label, text) in Rows(summary))
        {
            yield return $"  {label, -22} {text}";
        }
    }

    /// <summary>The same as a stage's outputs, by name.</summary>
    public static IEnumerable<(string Name, string Text)> Outputs(AttemptSummary summary) =>
        Rows(summary).Select(row => (row.Name, row.Text));

    private static IEnumerable<(string Name, string Label, string Text)> Rows(AttemptSummary s)
    {
        yield return ("steps", "steps", Text($"{s.Steps:N0}, {s.SkippedSteps:N0} of the run skipped"));
        yield return ("trainingTime", "time in steps", SpokenTime.Of(s.Training));
        yield return ("tokensPerSecond", "tokens a second", Text($"{s.TokensPerSecond:N0}"));
        if (s.Mfu is { } mfu)
        {
            yield return ("mfu", "utilisation (MFU)", Text($"{mfu:P1}"));
        }

        yield return ("dataWait", "waiting for data", Text($"{s.DataWait:P1} of the time in steps"));
        yield return (
            "checkpointPause",
            "checkpoint pauses",
            Text($"{s.CheckpointPause.TotalSeconds:F1} s for {s.Checkpoints}")
        );
        yield return ("goodput", "goodput", Text($"{s.Goodput:P1} of the time since training began"));
        if (s.PeakMemoryBytes is { } host)
        {
            yield return ("peakMemory", "peak memory", Text($"{host / Gibi:F2} GiB"));
        }

        if (s.PeakDeviceMemoryBytes is { } device)
        {
            yield return ("peakDeviceMemory", "peak GPU memory", Text($"{device / Gibi:F2} GiB"));
        }

        if (s.StragglerRank is { } rank)
        {
            var slower = Math.Round(100 * ((s.StragglerRatio ?? 1) - 1));
            yield return (
                "straggler",
                "slowest rank",
                slower > 0
                    ? Text($"rank {rank}, {slower:N0} % slower than the median")
                    : Text($"rank {rank}, as fast as the median")
            );
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
