using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Places;
using CodeParrot.Cli.Reports;

namespace CodeParrot.Cli.Commands;

/// <summary><c>get [run]</c>: runs and how far they are.</summary>
internal static class GetCommand
{
    public static Command Create(PlaceOpener opener)
    {
        var output = OutputOption.Create();
        var run = CommandHost.RunArgument(opener);
        var command = new Command("get", "List runs, or show one") { run, output };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(
                    result,
                    opener,
                    async place =>
                    {
                        var name = result.GetValue(run);
                        IReadOnlyList<TrainingRun> runs = name is null
                            ? await place.ListAsync(token)
                            : [await place.FindAsync(name, token)];
                        var whole = name is null
                            ? List(runs)
                            : JsonSerializer.SerializeToNode(runs[0], ApiJson.Compact);
                        var now = TimeProvider.System.GetUtcNow();
                        Console.Write(
                            OutputOption.Text(
                                result.GetRequiredValue(output),
                                whole!,
                                wide => RunTable.Text(runs, wide, now)
                            )
                        );
                        return 0;
                    }
                )
        );
        return command;
    }

    private static JsonObject List(IReadOnlyList<TrainingRun> runs) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "List",
            ["items"] = JsonSerializer.SerializeToNode(runs, ApiJson.Compact),
        };
}
