using System.CommandLine;
using CodeParrot.Cli.Places;
using CodeParrot.Cli.Plugin;
using CodeParrot.Cli.Plugin.Doctor;
using CodeParrot.Cli.State;

namespace CodeParrot.Cli.Commands;

/// <summary>All commands: those of this machine, and those of a cluster.</summary>
internal static class Roots
{
    /// <summary>First word that turns to a cluster; kubectl's plugin is a script that puts it there.</summary>
    public const string Kubectl = "kubectl";

    private const string PluginName = "kubectl-codeparrot";

    /// <summary><c>codeparrot</c>.</summary>
    public static Command OfMachine()
    {
        var root = new RootCommand("Trains a code-writing language model from scratch, on this machine.");
        root.Options.Add(CommandHost.State);
        root.Subcommands.Add(RunCommand.Create());
        AddShared(
            root,
            result => new EmbeddedPlace(
                new StateFolder(result.GetRequiredValue(CommandHost.State)),
                CommandHost.Trainer,
                TimeProvider.System
            ),
            "codeparrot"
        );
        root.Subcommands.Add(GenerateCrdCommand.Create());
        return root;
    }

    /// <summary><c>kubectl codeparrot</c>.</summary>
    public static Command OfCluster()
    {
        var root = new Command(PluginName, "Trains code-writing language models in a Kubernetes cluster.");
        root.Options.Add(new System.CommandLine.Help.HelpOption { Recursive = true });
        foreach (var option in ClusterOptions.All)
        {
            root.Options.Add(option);
        }

        root.Subcommands.Add(ClusterRunCommand.Create());
        AddShared(root, ClusterOptions.Open, PluginName);
        root.Subcommands.Add(DoctorCommand.Create());
        return root;
    }

    private static void AddShared(Command root, PlaceOpener opener, string program)
    {
        root.Subcommands.Add(ExplainCommand.Create());
        root.Subcommands.Add(GetCommand.Create(opener));
        root.Subcommands.Add(WatchCommand.Create(opener));
        root.Subcommands.Add(LogsCommand.Create(opener));
        root.Subcommands.Add(CheckpointsCommand.Create(opener));
        root.Subcommands.Add(CheckpointCommand.Create(opener));
        root.Subcommands.Add(RollbackCommand.Create(opener));
        root.Subcommands.Add(PromoteCommand.Create(opener));
        root.Subcommands.Add(SuspendCommand.Create(opener));
        root.Subcommands.Add(ResumeCommand.Create(opener));
        root.Subcommands.Add(GenerateCommand.Create(opener));
        root.Subcommands.Add(CompletionCommand.Create(program));
        root.Subcommands.Add(CompleteCommand.Create(root));
    }
}
