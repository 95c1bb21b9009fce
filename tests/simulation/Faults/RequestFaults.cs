using CodeParrot.Simulation.Tests.ApiServer;

namespace CodeParrot.Simulation.Tests.Faults;

/// <summary>What a client sees of a request's fate.</summary>
internal static class RequestFaults
{
    /// <summary>The answer to a request that is not carried out; null for one that is.</summary>
    public static Exception? Refusal(RequestFate fate) =>
        fate switch
        {
            RequestFate.TooMany => Refusals.TooManyRequests(),
            RequestFate.Unavailable => Refusals.Unavailable(),
            RequestFate.Unsent => new HttpRequestException("connection refused"),
            _ => null,
        };

    /// <summary>
    /// What a client gets in place of the answer to a request that was carried out; null for the answer.
    /// </summary>
    public static Exception? LostAnswer(RequestFate fate) =>
        fate switch
        {
            RequestFate.Unanswered => new IOException("connection reset by peer"),
            RequestFate.TimedOut => Refusals.Timeout(),
            _ => null,
        };
}
