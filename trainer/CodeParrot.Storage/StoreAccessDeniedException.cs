namespace CodeParrot.Storage;

/// <summary>The store refuses the credentials, or they do not allow what was asked.</summary>
public sealed class StoreAccessDeniedException(
    StoreLocation location,
    string key,
    string message,
    Exception? cause = null
) : StoreException(location, key, message, cause);
