using System.CommandLine;
using CodeParrot.Cli.Pods;
using CodeParrot.Cli.Reports;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Manifest;
using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Cli.Commands;

/// <summary><c>codeparrot run -f F</c>: takes a run through all its stages on this machine.</summary>
internal static class RunCommand
{
    /// <summary>The manifest.</summary>
    public static Option<string> FileOption() =>
        new("--file", "-f") { Description = "The TrainingRun manifest, YAML", Required = true };

    /// <summary>Overrides of single fields.</summary>
    public static Option<string[]> SetOption() =>
        new("--set")
        {
            Description = "Sets one field, as in training.maxSteps=100; may be repeated",
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => [],
        };

    public static Command Create()
    {
        var file = FileOption();
        var set = SetOption();
        var command = new Command("run", "Train: corpus, tokenizer, training, evaluation, publication") { file, set };
        command.SetAction(
            (result, _) =>
                CommandHost.RunAsync(() =>
                    RunAsync(
                        result.GetRequiredValue(file),
                        result.GetRequiredValue(set),
                        new StateFolder(result.GetRequiredValue(CommandHost.State))
                    )
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(string file, string[] set, StateFolder state)
    {
        var manifest = ManifestPaths.Root(ManifestReader.ReadFile(file, set), Environment.CurrentDirectory);
        var trainer = CommandHost.Trainer();
        var run = new RunKey(manifest.Metadata.Namespace, manifest.Metadata.Name);
        using var guard = RunLock.Take(state.RunFolder(run));
        var isNew = state.File(run).Read() is null;
        var resource = state
            .File(run)
            .Update(existing =>
                RunPreparation.Apply(existing, manifest, Guid.NewGuid().ToString(), TimeProvider.System.GetUtcNow())
            );
        var host = PodHost.Of(state, resource, trainer);
        if (isNew && Directory.Exists(state.PodsFolder(run)))
        {
            // Pods of an earlier run of this name, whose run.json is gone, would bar the way of this one's.
            new LocalPods(state, run, host, TimeProvider.System).KillAll();
            Directory.Delete(state.PodsFolder(run), recursive: true);
        }

        using var session = new RunSession(state, run, host, Reporters.ForConsole(), TimeProvider.System);
        return await session.RunAsync();
    }
}
