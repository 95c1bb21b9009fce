using CodeParrot.Api.Resources;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Reports;

/// <summary>Runs as a table: the printer columns of the resource.</summary>
internal static class RunTable
{
    private static readonly string[] Titles =
    [
        "NAMESPACE",
        "NAME",
        "PHASE",
        "STEP",
        "LOSS",
        "WORKERS",
        "RESTARTS",
        "CHECKPOINT",
        "ETA",
        "AGE",
    ];

    private static readonly string[] WideTitles = ["ATTEMPT", "STAGE", "BRANCH", "PUBLISHED", "LAST FAILURE"];

    /// <summary>The table as text.</summary>
    public static string Text(IEnumerable<TrainingRun> runs, bool wide, DateTimeOffset now) =>
        TextTable.Of(
            wide ? [.. Titles, .. WideTitles] : Titles,
            runs.Select(r => (IReadOnlyList<string>)(wide ? [.. Row(r, now), .. WideRow(r)] : Row(r, now)))
        );

    private static List<string> Row(TrainingRun run, DateTimeOffset now)
    {
        var status = run.Status;
        var progress = status.Progress;
        var newest = CheckpointList.Newest(status);
        return
        [
            run.Metadata.Namespace,
            run.Metadata.Name,
            status.Phase.ToString(),
            progress is null ? "-" : $"{progress.Step}/{progress.MaxSteps}",
            Figures.Number(progress?.Loss),
            status.Workers is { } w ? $"{w.Ready}/{w.Desired}" : "-",
            $"{status.Restarts}",
            newest is null ? "-" : CheckpointList.Key(newest),
            progress?.Eta is { } eta && !status.IsTerminal() ? Figures.Duration(eta) : "-",
            run.Metadata.CreationTimestamp is { } created ? Figures.Duration(now - created) : "-",
        ];
    }

    private static List<string> WideRow(TrainingRun run)
    {
        var status = run.Status;
        return
        [
            $"{status.Attempt}",
            status.Stage.Length > 0 ? status.Stage : "-",
            status.Branch.Length > 0 ? status.Branch : "-",
            status.Published.Length > 0 ? status.Published : "-",
            status.LastFailure is { } f ? $"{f.Reason} ({f.Pod})" : "-",
        ];
    }
}
