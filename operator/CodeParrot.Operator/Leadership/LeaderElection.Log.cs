namespace CodeParrot.Operator.Leadership;

/// <content>Log messages.</content>
internal sealed partial class LeaderElection
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Leads as {Identity}")]
    private partial void LogLeading(string identity);

    [LoggerMessage(Level = LogLevel.Information, Message = "Does not lead any more as {Identity}")]
    private partial void LogLedEnough(string identity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the lease as {Identity}: it could not be renewed in time")]
    private partial void LogLost(string identity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease could not be read or written")]
    private partial void LogUnanswered(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease could not be given back; it runs out by itself")]
    private partial void LogNotReleased(Exception exception);
}
