namespace CodeParrot.Integration.Tests.Storage;

/// <summary>A stream in memory whose reader waits at one place until it may go on.</summary>
internal sealed class PausingStream(byte[] bytes, long pauseAt) : MemoryStream(bytes, writable: false)
{
    // Nobody may block on it: the requests that wait here would hold every thread of a small machine's pool.
    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets what is released when a reader comes to wait.</summary>
    public SemaphoreSlim Reached { get; } = new(0);

    public void Resume() => _resumed.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= pauseAt)
        {
            Reached.Release();
            await _resumed.Task.WaitAsync(cancellationToken);
        }

        return await base.ReadAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        Reached.Dispose();
        base.Dispose(disposing);
    }
}
