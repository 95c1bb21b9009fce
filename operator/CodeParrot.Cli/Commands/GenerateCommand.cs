using System.CommandLine;
using CodeParrot.Cli.Completion;
using CodeParrot.Cli.Places;

namespace CodeParrot.Cli.Commands;

/// <summary><c>generate [run] --prompt …</c>: lets a run's model go on with a prompt.</summary>
internal static class GenerateCommand
{
    // Options that the trainer's own command understands; they are passed on as they are.
    private static readonly string[] Values =
    [
        "--prompt",
        "--max-new-tokens",
        "--completions",
        "--top-k",
        "--top-p",
        "--temperature",
        "--seed",
    ];

    private static readonly string[] Flags = ["--greedy", "--whole", "--json"];

    public static Command Create(PlaceOpener opener)
    {
        var run = CommandHost.RunArgument(opener);
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "branch/name; the published checkpoint unless set, or the newest where none is published",
        };
        checkpoint.CompletionSources.Add(context => PlaceNames.OfCheckpoints(opener, context.ParseResult));
        List<Option<string?>> values = [.. Values.Select(n => new Option<string?>(n) { Description = Passed(n) })];
        List<Option<bool>> flags = [.. Flags.Select(n => new Option<bool>(n) { Description = Passed(n) })];
        values[0].Required = true;
        var command = new Command("generate", "Let the model go on with a prompt") { run, checkpoint };
        values.ForEach(command.Options.Add);
        flags.ForEach(command.Options.Add);
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(
                    result,
                    opener,
                    async place =>
                    {
                        List<string> words = [];
                        foreach (var option in values.Where(o => result.GetValue(o) is not null))
                        {
                            words.AddRange([option.Name, result.GetValue(option)!]);
                        }

                        words.AddRange(flags.Where(result.GetValue).Select(o => o.Name));
                        var found = await place.FindAsync(result.GetValue(run), token);
                        return await place.GenerateAsync(found, result.GetValue(checkpoint), words, token);
                    }
                )
        );
        return command;
    }

    private static string Passed(string name) => $"As in trainer generate {name}";
}
