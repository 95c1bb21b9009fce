using System.CommandLine;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Places;
using CodeParrot.Cli.Reports;
using CodeParrot.Contract.Runtime;
using Spectre.Console;

namespace CodeParrot.Cli.Commands;

/// <summary><c>watch [run]</c>: a live table of one run and its ranks, or of all runs.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    public static Command Create(PlaceOpener opener)
    {
        var run = new Argument<string?>("run")
        {
            Description = "Name of the run; all runs unless set",
            Arity = ArgumentArity.ZeroOrOne,
        };
        run.CompletionSources.Add(context => Completion.PlaceNames.OfRuns(opener, context.ParseResult));
        var command = new Command("watch", "Show one run until it ends, or all runs until Ctrl-C") { run };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(
                    result,
                    opener,
                    async place =>
                        result.GetValue(run) is { } name
                            ? await new RunWatch(place, Reporters.ForConsole(), TimeProvider.System).UntilOverAsync(
                                await place.FindAsync(name, token),
                                token
                            )
                            : await AllAsync(place, token)
                )
        );
        return command;
    }

    private static async Task<int> AllAsync(IRunPlace place, CancellationToken cancellationToken)
    {
        if (!Reporters.IsTerminal)
        {
            return await AllPlainAsync(place, cancellationToken);
        }

        await AnsiConsole
            .Live(new Text(""))
            .AutoClear(true)
            .StartAsync(async display =>
            {
                while (!cancellationToken.IsCancellationRequested)
                {
                    display.UpdateTarget(new Text(Table(await place.ListAsync(cancellationToken))));
                    await Task.Delay(Poll, TimeProvider.System, cancellationToken);
                }
            });
        return (int)ExitCode.Done;
    }

    // A pipe gets a line whenever a run is another than before, as `kubectl get --watch` has it.
    private static async Task<int> AllPlainAsync(IRunPlace place, CancellationToken cancellationToken)
    {
        Dictionary<string, string> known = [];
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var run in await place.ListAsync(cancellationToken))
            {
                var key = $"{run.Metadata.Namespace}/{run.Metadata.Name}";
                if (known.GetValueOrDefault(key) != run.Metadata.ResourceVersion)
                {
                    var lines = Table([run]).Split('\n');
                    Console.Write(known.Count == 0 ? string.Join('\n', lines) : string.Join('\n', lines[1..]));
                    known[key] = run.Metadata.ResourceVersion;
                }
            }

            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }

        return (int)ExitCode.Done;
    }

    private static string Table(IReadOnlyList<TrainingRun> runs) =>
        RunTable.Text(runs, wide: false, TimeProvider.System.GetUtcNow());
}
