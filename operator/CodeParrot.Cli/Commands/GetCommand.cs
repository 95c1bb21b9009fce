using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Reports;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Cli.Commands;

/// <summary><c>codeparrot get [run]</c>: runs and how far they are.</summary>
internal static class GetCommand
{
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "wide, json or yaml",
        DefaultValueFactory = _ => "",
    };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("", "wide", "json", "yaml");
        var run = CommandHost.RunArgument();
        var command = new Command("get", "List runs, or show one") { run, Output };
        command.SetAction(
            (result, _) =>
                CommandHost.RunAsync(() =>
                {
                    var state = new StateFolder(result.GetRequiredValue(CommandHost.State));
                    var name = result.GetValue(run);
                    var keys = name is null ? state.List() : [state.Find(name)];
                    List<TrainingRun> runs = [.. keys.Select(k => state.File(k).Read()!)];
                    Console.Write(Text(runs, name is not null, result.GetValue(Output) ?? ""));
                    return Task.FromResult(0);
                })
        );
        return command;
    }

    private static string Text(List<TrainingRun> runs, bool single, string output)
    {
        var shown = single ? JsonSerializer.SerializeToNode(runs[0], ApiJson.Compact) : List(runs);
        return output switch
        {
            "json" => shown!.ToJsonString(ApiJson.Indented) + "\n",
            "yaml" => YamlText.Write(shown!),
            _ => RunTable.Text(runs, output == "wide", TimeProvider.System.GetUtcNow()),
        };
    }

    private static JsonObject List(List<TrainingRun> runs) =>
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "List",
            ["items"] = JsonSerializer.SerializeToNode(runs, ApiJson.Compact),
        };
}
