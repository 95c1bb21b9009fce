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
}
