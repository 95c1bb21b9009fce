using CodeParrot.Checkpoints;
using CodeParrot.Contract.Runtime;
using CodeParrot.Distributed;
using CodeParrot.Evaluation;
using CodeParrot.Evaluation.HumanEval;
using CodeParrot.Evaluation.HumanEval.Problems;
using CodeParrot.Evaluation.HumanEval.Results;
using CodeParrot.Evaluation.HumanEval.Sandbox;
using CodeParrot.Evaluation.Metrics;
using CodeParrot.Model.Generation;
using CodeParrot.Storage;
using CodeParrot.Tokenizer;
using CodeParrot.Training;
using CodeParrot.Training.Engine;
using Microsoft.AspNetCore.Connections;

namespace CodeParrot.Trainer.Hosting;

/// <summary>An exception as an exit code and a sentence that says what to do.</summary>
/// <param name="Code">Exit code of the contract.</param>
/// <param name="Message">What happened, on which object, and the remedy.</param>
internal sealed record StageFailure(ExitCode Code, string Message)
{
    /// <summary>True if a stack trace helps nobody: the message says it all.</summary>
    public bool IsExpected { get; init; } = Code != ExitCode.Unexpected;

    /// <summary>Class in the termination message: the code's name, or what an operator tells apart from it.</summary>
    public string Class { get; init; } = Code.ToString();

    /// <summary>Checkpoint that the run is to be taken back to, or that is missing; empty for none.</summary>
    public string Checkpoint { get; init; } = "";

    /// <summary>Steps of data after it to leave out.</summary>
    public int SkipSteps { get; init; }

    public static StageFailure Of(Exception exception) =>
        exception switch
        {
            LossSpikeException e => new(ExitCode.Diverged, e.Message)
            {
                Class = TerminationMessage.LossSpike,
                Checkpoint = e.Checkpoint,
                SkipSteps = (int)Math.Min(e.SkipSteps, int.MaxValue),
            },
            StoreInUseException e => new(ExitCode.UserMistake, e.Message) { Class = TerminationMessage.StoreInUse },
            CheckpointNotFoundException e => new(ExitCode.UserMistake, e.Message)
            {
                Class = TerminationMessage.CheckpointMissing,
                Checkpoint = e.Wanted,
            },
            AggregateException { InnerExceptions: [var inner] } => Of(inner),
            IOException { InnerException: AddressInUseException } e => new(
                ExitCode.UserMistake,
                $"{e.Message}; set {EnvironmentNames.HttpPort} to a free port, or to 0"
            ),
            // Whoever took the port may be gone the next time, and an operator chooses another: a restart helps.
            PortInUseException e => new(ExitCode.Unexpected, e.Message) { IsExpected = true },
            UnauthorizedAccessException e => new(ExitCode.UserMistake, $"{e.Message} Give this user the right to it"),
            _ => Of(exception, CodeOf(exception)),
        };

    private static StageFailure Of(Exception exception, ExitCode code) =>
        (code, exception) switch
        {
            (ExitCode.Unexpected, _) => new(code, $"{exception.GetType().Name}: {exception.Message}"),
            (ExitCode.StoreUnreachable, IOException) => new(
                code,
                $"the disk is full: {exception.Message}; free space and start again, nothing committed is lost"
            ),
            _ => new(code, exception.Message),
        };

    // What the engine may throw is mapped where it stands; here is what only a process meets.
    private static ExitCode CodeOf(Exception exception) =>
        exception switch
        {
            MetricsFileException => ExitCode.CorruptData,
            RendezvousTimeoutException => ExitCode.PeerLost,
            RendezvousRefusedException { Reason: RefusalReason.OlderAttempt or RefusalReason.OlderGeneration } =>
                ExitCode.PeerLost,
            RendezvousRefusedException => ExitCode.UserMistake,
            TokenizerFormatException or TokensFileException or VocabularyMismatchException => ExitCode.UserMistake,
            GenerationOptionsException or CannotGenerateException => ExitCode.UserMistake,
            StoreAccessDeniedException => ExitCode.UserMistake,
            ProblemsFileException or HumanEvalOptionsException or ResultsMismatchException => ExitCode.UserMistake,
            SandboxUnavailableException => ExitCode.UserMistake,
            _ => ExitCodes.Of(exception),
        };
}
