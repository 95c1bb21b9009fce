namespace CodeParrot.Storage;

/// <summary>
/// The object is not as a condition asked, so that nothing was written; or it changed while it was read.
/// </summary>
public sealed class PreconditionFailedException : StoreException
{
    /// <summary>Creates the exception.</summary>
    public PreconditionFailedException(StoreLocation location, string key, string message, Exception? cause = null)
        : base(location, key, message, cause) { }

    internal static PreconditionFailedException ForWrite(
        StoreLocation location,
        string key,
        WriteCondition condition,
        Exception? cause = null
    ) =>
        new(
            location,
            key,
            $"not written: the condition '{condition}' does not hold, another writer was first; "
                + "read the object again and decide anew",
            cause
        );

    internal static PreconditionFailedException ForRead(StoreLocation location, string key, Exception? cause = null) =>
        new(location, key, "the object was replaced while it was read; read it again from the start", cause);
}
