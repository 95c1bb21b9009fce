using CodeParrot.Storage.Local;
using CodeParrot.Storage.S3;

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
            : new S3Store(location, options, time);
    }

    /// <summary>
    /// Opens a store for writing and asks an S3 server whether it enforces conditions, which writes and deletes a
    /// probe: an unreachable server or refused credentials show here and not after hours.
    /// </summary>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every mistake.</exception>
    /// <exception cref="StoreException">The server does not answer or refuses.</exception>
    public static async Task<IObjectStore> ConnectAsync(
        StoreOptions options,
        TimeProvider time,
        CancellationToken cancellationToken = default
    )
    {
        var store = Open(options, time);
        try
        {
            if (store is S3Store remote)
                await remote.ProbeAsync(cancellationToken);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
