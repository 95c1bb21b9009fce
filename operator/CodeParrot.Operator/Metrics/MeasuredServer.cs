using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Metrics;

/// <summary>Counts requests by their answer.</summary>
/// <param name="inner">The server behind it.</param>
/// <param name="metrics">Where they are counted.</param>
internal sealed class MeasuredServer(IApiServer inner, OperatorMetrics metrics) : ApiServerFilter(inner)
{
    private const int Ok = 200;

    /// <inheritdoc/>
    protected override async Task<T> PassAsync<T>(
        ApiVerb verb,
        ResourceType type,
        Func<Task<T>> send,
        CancellationToken cancellationToken
    )
    {
        var code = 0;
        try
        {
            var answer = await send();
            code = Ok;
            return answer;
        }
        catch (ApiServerException e)
        {
            code = (int)e.Status;
            throw;
        }
        finally
        {
            metrics.CountRequest(verb, type, code);
        }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<WatchEvent> PassWatchAsync(
        ResourceType type,
        IAsyncEnumerable<WatchEvent> events,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // A watch is one request, and has its answer when it first says something.
        await using var all = events.GetAsyncEnumerator(cancellationToken);
        var more = await PassAsync(ApiVerb.Watch, type, () => all.MoveNextAsync().AsTask(), cancellationToken);
        while (more)
        {
            yield return all.Current;
            more = await all.MoveNextAsync();
        }
    }
}
