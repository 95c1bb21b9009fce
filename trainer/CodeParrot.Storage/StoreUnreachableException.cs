namespace CodeParrot.Storage;

/// <summary>The store gave no usable answer for as long as the retry budget allows.</summary>
public sealed class StoreUnreachableException(
    StoreLocation location,
    string key,
    string message,
    Exception? cause = null
) : StoreException(location, key, message, cause);
