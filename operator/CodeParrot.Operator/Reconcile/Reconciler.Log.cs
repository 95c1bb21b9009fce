namespace CodeParrot.Operator.Reconcile;

/// <content>Log messages.</content>
internal sealed partial class Reconciler
{
    [LoggerMessage(Message = "{Policy} for {Run} in {Namespace}, attempt {Attempt}: {Reason} ({Actions} actions)")]
    private partial void LogPlan(
        LogLevel level,
        string run,
        string @namespace,
        int attempt,
        string policy,
        string reason,
        int actions
    );

    [LoggerMessage(Level = LogLevel.Warning, Message = "The pass over {Run} in {Namespace} was refused: {Cause}")]
    private partial void LogRefused(string run, string @namespace, string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The pass over {Run} in {Namespace} got no answer")]
    private partial void LogUnanswered(string run, string @namespace, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The pass over {Run} in {Namespace} hit a bug")]
    private partial void LogBug(string run, string @namespace, Exception exception);
}
