using Microsoft.Extensions.Logging;

namespace CodeParrot.Trainer.Hosting;

/// <content>Every message that the trainer logs.</content>
internal sealed partial class TrainerLog
{
    public void Failed(StageFailure failure, Exception exception) =>
        StageFailed(failure.Message, failure.Code.ToString(), failure.IsExpected ? null : exception);

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Message} ({Class})")]
    private partial void StageFailed(string message, string @class, Exception? exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "{Message}")]
    public partial void Say(string message);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Message}")]
    public partial void Warn(string message);

    [LoggerMessage(
        EventId = 4,
        Level = LogLevel.Information,
        Message = "step {Step} of {MaxSteps}: loss {Loss:F4}, lr {LearningRate:G3}, gradient norm {GradientNorm:F3}, "
            + "{TokensPerSecond:F0} tokens/s, MFU {Mfu}"
    )]
    public partial void StepFinished(
        long step,
        int maxSteps,
        double loss,
        double learningRate,
        double gradientNorm,
        double tokensPerSecond,
        string mfu
    );

    [LoggerMessage(
        EventId = 5,
        Level = LogLevel.Information,
        Message = "checkpoint {Branch}/{Checkpoint} is committed, {Bytes} bytes"
    )]
    public partial void CheckpointCommitted(string branch, string checkpoint, long bytes);
}
