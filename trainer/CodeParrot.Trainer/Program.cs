using System.CommandLine;
using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Generation;
using CodeParrot.Trainer.Hosting;
using CodeParrot.Trainer.HumanEval;
using CodeParrot.Trainer.Launch;
using CodeParrot.Trainer.Stages;
using CodeParrot.Trainer.Store;

var root = new RootCommand("Trains a code-writing language model: the process in each pod of a TrainingRun.")
{
    LaunchCommand.Create(),
    CorpusCommands.Create(),
    TokenizerCommands.Create(),
    SpecOptions.StageCommand("train", "Train one rank of a run", StageNames.Train, TrainStage.RunAsync),
    EvaluateCommand.Create(),
    HumanEvalCommand.Create(),
    SpecOptions.StageCommand("publish", "Let refs/main name a checkpoint", StageNames.Publish, PublishStage.RunAsync),
    GenerateCommand.Create(),
    StoreCommands.Create(),
};
var parsed = root.Parse(args);

// Signals are the stages' own business: a stop waits for the step and its checkpoint, as long as the pod's grace lasts.
var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

// A mistake in the command line is the user's, and the library's own code for it means something else here.
return parsed.Errors.Count > 0 ? (int)ExitCode.UserMistake : code;
