using System.CommandLine;
using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;
using CodeParrot.Trainer.Launch;
using CodeParrot.Trainer.Stages;
using CodeParrot.Trainer.Store;

var root = new RootCommand("Trains a code-writing language model: the process in each pod of a TrainingRun.");
root.Subcommands.Add(LaunchCommand.Create());
root.Subcommands.Add(StoreCommands.Create());
root.Subcommands.Add(
    SpecOptions.StageCommand("publish", "Let refs/main name a checkpoint", StageNames.Publish, PublishStage.RunAsync)
);
return await root.Parse(args).InvokeAsync();
