using System.Net;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Leadership;

/// <summary>
/// The last thing that a request passes before it leaves: no write begins once the lease may be another's. It stands
/// behind the rate limit, whose waiting would otherwise carry a write over the deadline.
/// </summary>
/// <param name="inner">The server behind it.</param>
/// <param name="election">Knows until when this operator leads.</param>
internal sealed class WriteGate(IApiServer inner, LeaderElection election) : ApiServerFilter(inner)
{
    /// <inheritdoc/>
    protected override Task<T> PassAsync<T>(
        ApiVerb verb,
        ResourceType type,
        Func<Task<T>> send,
        CancellationToken cancellationToken
    )
    {
        var reads = verb is ApiVerb.Get or ApiVerb.List or ApiVerb.Watch;
        return reads || election.IsLeader
            ? send()
            : throw new ApiServerException(
                HttpStatusCode.Forbidden,
                ApiServerException.NotLeader,
                $"{verb} of {type.Kind}: another operator may hold the lease"
            );
    }
}
