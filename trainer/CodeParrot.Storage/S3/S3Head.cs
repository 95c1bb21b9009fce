using Amazon.S3.Model;

namespace CodeParrot.Storage.S3;

/// <summary>What a HEAD says of an object: its facts, and which write made it.</summary>
internal sealed record S3Head(ObjectInfo Info, string? Writer)
{
    /// <summary>The metadata that names the write which made an object.</summary>
    public const string WriterMetadata = "x-amz-meta-codeparrot-writer";

    public static async Task<S3Head?> FindAsync(S3Bucket bucket, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await bucket.CallAsync(key, guard => SendAsync(bucket, key, guard.Token), 0, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    public static ObjectInfo InfoOf(string key, long sizeBytes, string etag, DateTime? modified) =>
        new(key, sizeBytes, etag.Trim('"'), new DateTimeOffset((modified ?? DateTime.UnixEpoch).ToUniversalTime()));

    private static async Task<S3Head> SendAsync(S3Bucket bucket, string key, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = bucket.Name, Key = bucket.WireKey(key) };
        var response = await bucket.Client.GetObjectMetadataAsync(request, cancellationToken);
        if (string.IsNullOrEmpty(response.ETag))
            throw new GarbledAnswerException("the answer to HEAD has no ETag: not a store's");
        var info = InfoOf(key, response.ContentLength, response.ETag, response.LastModified);
        return new S3Head(info, response.Metadata[WriterMetadata]);
    }
}
