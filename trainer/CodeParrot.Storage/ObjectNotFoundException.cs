namespace CodeParrot.Storage;

/// <summary>An object that was to be read does not exist.</summary>
public sealed class ObjectNotFoundException(StoreLocation location, string key, Exception? cause = null)
    : StoreException(location, key, "the object does not exist; check the location, or write it first", cause);
