using CodeParrot.Storage.Local;

namespace CodeParrot.Storage;

/// <summary>Opens stores by their location.</summary>
public static class ObjectStores
{
    /// <summary>Opens a store without speaking to it; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every mistake.</exception>
    public static IObjectStore Open(StoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var mistakes = options.Validate().ToList();
        if (mistakes.Count > 0)
            throw new ArgumentException("store: " + string.Join("; ", mistakes), nameof(options));
        var location = StoreLocation.Parse(options.Uri);
        return location.IsLocal
            ? new LocalStore(location, options.RequestTimeout, time)
            : throw new NotSupportedException("S3 follows in the next commit");
    }
}
