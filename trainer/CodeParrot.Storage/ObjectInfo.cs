namespace CodeParrot.Storage;

/// <summary>What a store knows of an object.</summary>
/// <param name="Key">The key below the store's location.</param>
/// <param name="SizeBytes">The size in bytes.</param>
/// <param name="ETag">
/// Names this version of the object, without quotes. Opaque: equal tags mean an unchanged object, nothing else.
/// </param>
/// <param name="ModifiedAt">When it was written. S3 stores round to seconds.</param>
public sealed record ObjectInfo(string Key, long SizeBytes, string ETag, DateTimeOffset ModifiedAt);
