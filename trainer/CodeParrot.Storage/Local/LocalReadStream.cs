namespace CodeParrot.Storage.Local;

/// <summary>Reads at most so many bytes of an open file, forwards only.</summary>
internal sealed class LocalReadStream(FileStream file, long remaining, StoreLocation location, string key)
    : ForwardReadStream
{
    private long _remaining = remaining;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Advance(file.Read(buffer[..Bounded(buffer.Length)]));
        }
        catch (IOException fault) when (LocalFaults.IsFault(fault))
        {
            throw LocalFaults.Describe(location, key, 0, fault);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Advance(await file.ReadAsync(buffer[..Bounded(buffer.Length)], cancellationToken));
        }
        catch (IOException fault) when (LocalFaults.IsFault(fault))
        {
            throw LocalFaults.Describe(location, key, 0, fault);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    private int Bounded(int wanted) => (int)Math.Min(_remaining, wanted);

    private int Advance(int read)
    {
        _remaining -= read;
        return read;
    }
}
