namespace CodeParrot.Operator.ApiServer;

/// <summary>
/// Holds requests back to a rate, with a token bucket; while a server asks to be left alone (429), to none at all.
/// Whether a request is tried again is the caller's affair: the queue's backoff does it for whole passes.
/// </summary>
/// <param name="inner">The server behind it.</param>
/// <param name="qps">Requests a second in the long run.</param>
/// <param name="burst">Requests at once after a rest.</param>
/// <param name="time">Clock.</param>
internal sealed class RateLimit(IApiServer inner, double qps, int burst, TimeProvider time) : ApiServerFilter(inner)
{
    // A server's wish is followed, but a wrong one must not stop the operator.
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / qps);

    // The bucket as one number: how far the requests that were let through reach, at the long-run rate.
    private TimeSpan _reach = TimeSpan.FromSeconds(-burst / qps);
    private TimeSpan _pausedUntil;
    private readonly long _start = time.GetTimestamp();

    /// <inheritdoc/>
    protected override async Task<T> PassAsync<T>(
        ApiVerb verb,
        ResourceType type,
        Func<Task<T>> send,
        CancellationToken cancellationToken
    )
    {
        var wait = Take();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        try
        {
            return await send();
        }
        catch (ApiServerException e)
            when (e is { Status: System.Net.HttpStatusCode.TooManyRequests, RetryAfter: not null })
        {
            Pause(e.RetryAfter.Value);
            throw;
        }
    }

    private TimeSpan Take()
    {
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            _reach = Max(_reach, now - (_interval * burst)) + _interval;
            return Max(_reach, _pausedUntil) - now;
        }
    }

    private void Pause(TimeSpan wish)
    {
        lock (_lock)
        {
            var until = time.GetElapsedTime(_start) + (wish < MaxPause ? wish : MaxPause);
            _pausedUntil = Max(_pausedUntil, until);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
