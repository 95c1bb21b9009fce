using System.Net.Sockets;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Corpus;
using CodeParrot.Distributed;
using CodeParrot.Evaluation;
using CodeParrot.Evaluation.Metrics;
using CodeParrot.Model;
using CodeParrot.Model.Generation;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Storage;
using CodeParrot.Tokenizer;
using CodeParrot.Training;

namespace CodeParrot.Trainer.Hosting;

/// <summary>An exception as an exit code and a sentence that says what to do.</summary>
/// <param name="Code">Exit code of the contract.</param>
/// <param name="Message">What happened, on which object, and the remedy.</param>
internal sealed record StageFailure(ExitCode Code, string Message)
{
    /// <summary>True if a stack trace helps nobody: the message says it all.</summary>
    public bool IsExpected => Code != ExitCode.Unexpected;

    public static StageFailure Of(Exception exception) =>
        exception switch
        {
            AggregateException { InnerExceptions: [var inner] } => Of(inner),
            ManifestException e => new(ExitCode.UserMistake, e.Message),
            StoreCorruptionException or CheckpointCorruptException or MetricsFileException => new(
                ExitCode.CorruptData,
                exception.Message
            ),
            DivergedException e => new(ExitCode.Diverged, e.Message),
            PeerLostException or RendezvousTimeoutException => new(ExitCode.PeerLost, exception.Message),
            RendezvousRefusedException { Reason: RefusalReason.OlderAttempt } e => new(ExitCode.PeerLost, e.Message),
            RendezvousRefusedException or PortInUseException => new(ExitCode.UserMistake, exception.Message),
            ModelFileException
            or ModelConfigurationException
            or GenerationOptionsException
            or TokenOutOfRangeException => new(ExitCode.UserMistake, exception.Message),
            CorpusException or TokenizerFormatException or TokensFileException or VocabularyMismatchException => new(
                ExitCode.UserMistake,
                exception.Message
            ),
            SupersededException e => new(ExitCode.PeerLost, e.Message),
            StoreInUseException or CheckpointNotFoundException => new(ExitCode.UserMistake, exception.Message),
            ObjectNotFoundException or BucketNotFoundException or StoreAccessDeniedException => new(
                ExitCode.UserMistake,
                exception.Message
            ),
            StoreException e => new(ExitCode.StoreUnreachable, e.Message),
            IOException e when IsDiskFull(e) => new(
                ExitCode.StoreUnreachable,
                $"the disk is full: {e.Message}; free space and start again, nothing committed is lost"
            ),
            IOException { InnerException: SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } } e =>
                new(ExitCode.UserMistake, $"{e.Message}; set {EnvironmentNames.HttpPort} to a free port, or to 0"),
            _ => new(ExitCode.Unexpected, $"{exception.GetType().Name}: {exception.Message}"),
        };

    private static bool IsDiskFull(IOException e)
    {
        const int noSpace = 28;
        const int quotaExceeded = 122;
        return (e.HResult & 0xffff) is noSpace or quotaExceeded;
    }
}
