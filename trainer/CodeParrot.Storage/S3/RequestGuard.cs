namespace CodeParrot.Storage.S3;

/// <summary>
/// Gives a request up when it stands still. The SDK's own timeout covers no download's body, and covers an upload as a
/// whole, where a slow line would be taken for a dead one.
/// </summary>
internal sealed class RequestGuard : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;

    public RequestGuard(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        _timer = new CancellationTokenSource(limit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller);
    }

    public CancellationToken Token => _linked.Token;

    /// <summary>Notes progress: from now on, the request may stand still for so long.</summary>
    public void Arm(TimeSpan limit) => _timer.CancelAfter(limit);

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
