namespace CodeParrot.Storage;

/// <summary>The bucket that a location names does not exist.</summary>
public sealed class BucketNotFoundException(StoreLocation location, Exception? cause = null)
    : StoreException(
        location,
        "",
        $"the bucket '{location.Bucket}' does not exist; create it, or correct the location",
        cause
    );
