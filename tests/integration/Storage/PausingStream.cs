namespace CodeParrot.Integration.Tests.Storage;

/// <summary>A stream in memory whose reader waits at one place until it may go on.</summary>
internal sealed class PausingStream(byte[] bytes, long pauseAt) : MemoryStream(bytes, writable: false)
{
    private readonly ManualResetEventSlim _resumed = new();

    /// <summary>Gets what is released when a reader comes to wait.</summary>
    public SemaphoreSlim Reached { get; } = new(0);

    public void Resume() => _resumed.Set();

    public override int Read(Span<byte> buffer)
    {
        Pause();
        return base.Read(buffer);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Pause();
        return base.ReadAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _resumed.Dispose();
        Reached.Dispose();
        base.Dispose(disposing);
    }

    private void Pause()
    {
        if (Position < pauseAt)
            return;
        Reached.Release();
        _resumed.Wait();
    }
}
