namespace CodeParrot.Storage;

/// <summary>
/// A store of named byte objects: a local directory or an S3 bucket. Objects are replaced whole, and a reader sees
/// the old object or the new one, never a half. Safe for concurrent use. Every failure of the world is a <see
/// cref="StoreException"/>; a key that no store can hold (see <see cref="StoreKey"/>) is an <see
/// cref="ArgumentException"/>.
/// </summary>
public interface IObjectStore : IDisposable
{
    /// <summary>
    /// Gets where the store lies, as messages name it: <c>file:///dir</c> or <c>s3://bucket/prefix</c>.
    /// </summary>
    StoreLocation Location { get; }

    /// <summary>
    /// Gets whether <see cref="WriteCondition"/> is enforced by the store itself. Where it is not, a condition is
    /// checked before the write, and a writer in between is not noticed. An S3 store knows it after
    /// <see cref="ObjectStores.ConnectAsync"/> or its first conditional write, and says <see langword="false"/> before.
    /// </summary>
    bool HasConditionalWrites { get; }

    /// <summary>Returns what is known of an object, or <see langword="null"/> when it does not exist.</summary>
    Task<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens an object for reading from <paramref name="offset"/>, over at most <paramref name="length"/> bytes; a
    /// range at or past the end is empty. The stream cannot seek, shows one version of the object from start to end,
    /// and is the caller's to dispose.
    /// </summary>
    /// <exception cref="ObjectNotFoundException">The object does not exist.</exception>
    Task<Stream> OpenReadAsync(
        string key,
        long offset = 0,
        long? length = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>
    /// Writes an object from the seekable <paramref name="content"/>, from its position to its end, and returns when
    /// it is durable. The stream stays open.
    /// </summary>
    /// <exception cref="PreconditionFailedException">The condition does not hold; nothing was written.</exception>
    /// <exception cref="StoreFullException">No room is left; nothing was written.</exception>
    Task<ObjectInfo> WriteAsync(
        string key,
        Stream content,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    );

    /// <summary>
    /// Lists the objects whose keys begin with <paramref name="prefix"/> (any string; a folder ends in <c>/</c>), in
    /// the ordinal order of their keys in UTF-8.
    /// </summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Deletes objects; absent keys are fine. Not atomic over several keys.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default);
}
