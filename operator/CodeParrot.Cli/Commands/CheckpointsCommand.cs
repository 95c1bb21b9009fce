using System.CommandLine;
using System.Text.Json;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Hosting;
using CodeParrot.Cli.Reports;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Commands;

/// <summary><c>codeparrot checkpoints [run]</c>: complete checkpoints in the store.</summary>
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

    public static Command Create()
    {
        var run = CommandHost.RunArgument();
        var json = new Option<bool>("--json") { Description = "Answer in JSON" };
        var command = new Command("checkpoints", "List complete checkpoints, newest first") { run, json };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(async () =>
                {
                    var state = new StateFolder(result.GetRequiredValue(CommandHost.State));
                    var key = state.Find(result.GetValue(run));
                    var found = await new RunStore(state, key, CommandHost.Trainer).ListAsync(token);
                    var published = state.File(key).Read()!.Status.Published;
                    Console.Write(
                        result.GetValue(json)
                            ? JsonSerializer.Serialize(found, ApiJson.Indented) + "\n"
                            : TextTable.Of(Titles, found.Select(c => Row(c, published)))
                    );
                    return 0;
                })
        );
        return command;
    }

    private static IReadOnlyList<string> Row(CheckpointSummary c, string published) =>
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
