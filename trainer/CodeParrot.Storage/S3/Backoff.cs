namespace CodeParrot.Storage.S3;

/// <summary>
/// The waits between the tries of one request or stream: full jitter under a doubling bound, until the budget without
/// any progress is used up. The SDK's four tries of a refused connection are over in half a second, a server's
/// restart is not.
/// </summary>
internal sealed class Backoff(StoreOptions options, TimeProvider time, Func<double> jitter)
{
    private static readonly TimeSpan FirstBound = TimeSpan.FromMilliseconds(500);

    private Exception? _firstCause;
    private long _failingSince;
    private TimeSpan _bound = FirstBound;

    public void NoteProgress()
    {
        _firstCause = null;
        _bound = FirstBound;
    }

    /// <exception cref="StoreUnreachableException">The budget is used up; its cause is the first one.</exception>
    public async Task WaitAsync(
        StoreLocation location,
        string key,
        Exception fault,
        CancellationToken cancellationToken
    )
    {
        if (_firstCause is null)
        {
            _firstCause = fault;
            _failingSince = time.GetTimestamp();
        }
        var left = options.RetryBudget - time.GetElapsedTime(_failingSince);
        if (left <= TimeSpan.Zero)
            throw new StoreUnreachableException(
                location,
                key,
                $"no usable answer for {options.RetryBudget}, at first {S3Fault.Summary(_firstCause)}; "
                    + $"check that the server {options.Endpoint ?? "of the region"} runs and can be reached",
                _firstCause
            );
        var delay = _bound * jitter();
        _bound = _bound * 2 < options.MaxRetryDelay ? _bound * 2 : options.MaxRetryDelay;
        await Task.Delay(delay < left ? delay : left, time, cancellationToken);
    }
}
