using System.CommandLine;
using CodeParrot.Cli.Places;
using CodeParrot.Cli.Reports;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Commands;

/// <summary><c>checkpoints [run]</c>: complete checkpoints.</summary>
internal static class CheckpointsCommand
{
    private static readonly string[] Titles =
    [
        "CHECKPOINT",
        "STEP",
        "LOSS",
        "HELD-OUT LOSS",
        "SIZE",
        "CREATED",
        "PUBLISHED",
    ];

    public static Command Create(PlaceOpener opener)
    {
        var run = CommandHost.RunArgument(opener);
        var output = OutputOption.Create();
        var command = new Command("checkpoints", "List complete checkpoints, newest first") { run, output };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(
                    result,
                    opener,
                    async place =>
                    {
                        var found = await place.FindAsync(result.GetValue(run), token);
                        var known = await place.CheckpointsAsync(found, token);
                        Console.Write(
                            OutputOption.Text(
                                result.GetRequiredValue(output),
                                known,
                                wide => Table(known, found.Status.Published, wide)
                            )
                        );
                        return 0;
                    }
                )
        );
        return command;
    }

    private static string Table(IReadOnlyList<CheckpointSummary> known, string published, bool wide) =>
        TextTable.Of(
            wide ? [.. Titles, "DIGEST"] : Titles,
            known.Select(c => (IReadOnlyList<string>)(wide ? [.. Row(c, published), c.Digest] : Row(c, published)))
        );

    private static string[] Row(CheckpointSummary c, string published) =>
        [
            CheckpointList.Key(c),
            $"{c.Step}",
            Figures.Number(c.Loss),
            Figures.Number(c.EvalLoss),
            Figures.Bytes(c.Bytes),
            c.CreatedAt.ToString("yyyy-MM-dd HH:mm:ss'Z'"),
            CheckpointList.Key(c) == published ? "yes" : "",
        ];
}
