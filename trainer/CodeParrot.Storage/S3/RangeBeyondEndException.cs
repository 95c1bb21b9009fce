namespace CodeParrot.Storage.S3;

/// <summary>A range begins at or past the object's end; callers see an empty stream instead.</summary>
internal sealed class RangeBeyondEndException(StoreLocation location, string key, Exception cause)
    : StoreException(location, key, "the range begins past the object's end", cause);
