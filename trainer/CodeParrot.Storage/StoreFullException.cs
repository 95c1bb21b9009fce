namespace CodeParrot.Storage;

/// <summary>The disk is full or a quota is used up. Nothing was written.</summary>
public sealed class StoreFullException(StoreLocation location, string key, long sizeBytes, Exception? cause = null)
    : StoreException(
        location,
        key,
        $"no room for {sizeBytes} bytes: the disk is full or a quota is used up; nothing was written. "
            + "Free space or raise the quota, then run again",
        cause
    )
{
    /// <summary>Gets the size in bytes of the object that did not fit.</summary>
    public long SizeBytes => sizeBytes;
}
