using System.CommandLine;
using CodeParrot.Cli.Commands;
using CodeParrot.Contract.Runtime;

// Pods are processes in sessions of their own, found again below /proc.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

var root = new RootCommand("Trains a code-writing language model from scratch, on this machine.");
root.Options.Add(CommandHost.State);
root.Subcommands.Add(RunCommand.Create());
root.Subcommands.Add(ExplainCommand.Create());
root.Subcommands.Add(GetCommand.Create());
root.Subcommands.Add(LogsCommand.Create());
root.Subcommands.Add(CheckpointsCommand.Create());
root.Subcommands.Add(RollbackCommand.Create());
root.Subcommands.Add(PromoteCommand.Create());
root.Subcommands.Add(GenerateCommand.Create());
root.Subcommands.Add(GenerateCrdCommand.Create());
var parsed = root.Parse(args);

// Signals are the commands' own business: Ctrl-C asks for a checkpoint, and that takes as long as it takes.
var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? (int)ExitCode.UserMistake : code;
