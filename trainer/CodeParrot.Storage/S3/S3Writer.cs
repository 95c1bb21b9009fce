using System.Security.Cryptography;
using Amazon.S3.Model;

namespace CodeParrot.Storage.S3;

/// <summary>
/// Writes objects: small and conditional ones by one PUT, large ones in parts. Each write carries a nonce in the
/// object's metadata, by which a write whose answer was lost recognises itself.
/// </summary>
internal sealed class S3Writer : IDisposable
{
    private const long MaxPutBytes = 5L * 1024 * 1024 * 1024;

    private readonly S3Bucket _bucket;

    public S3Writer(S3Bucket bucket)
    {
        _bucket = bucket;
        Conditions = new ConditionalWrites(bucket, this);
    }

    public ConditionalWrites Conditions { get; }

    public async Task<ObjectInfo> WriteAsync(
        string key,
        Stream content,
        WriteCondition condition,
        CancellationToken cancellationToken
    )
    {
        var body = new UploadBody(content);
        if (!condition.IsAlways)
        {
            await Conditions.ProbeAsync(cancellationToken);
            if (Conditions.IsSupported)
                return await PutIfAsync(key, body, condition, cancellationToken);
            var current = await S3Head.FindAsync(_bucket, key, cancellationToken);
            if (!condition.HoldsFor(current?.Info))
                throw PreconditionFailedException.ForWrite(_bucket.Location, key, condition);
        }
        return body.SizeBytes > _bucket.Options.PartSizeBytes
            ? await MultipartUpload.RunAsync(_bucket, key, body, NewNonce(), cancellationToken)
            : await PutAsync(key, body, WriteCondition.Always, NewNonce(), cancellationToken);
    }

    /// <summary>Writes by one PUT that carries the condition; the server decides.</summary>
    /// <exception cref="PreconditionFailedException">The condition does not hold.</exception>
    public async Task<ObjectInfo> PutIfAsync(
        string key,
        UploadBody body,
        WriteCondition condition,
        CancellationToken cancellationToken
    )
    {
        // Some servers ignore a condition on the end of an upload in parts, and overwrite.
        if (body.SizeBytes > MaxPutBytes)
            throw new StoreException(
                _bucket.Location,
                key,
                $"a conditional write takes at most {MaxPutBytes} bytes, was {body.SizeBytes}; "
                    + "write it without a condition, and put the condition on a small object that names it"
            );
        var nonce = NewNonce();
        try
        {
            return await PutAsync(key, body, condition, nonce, cancellationToken);
        }
        catch (StoreException fault) when (fault is PreconditionFailedException or ObjectNotFoundException)
        {
            // The answer to an earlier try may have been lost: then it was this very write that was first.
            var now = await S3Head.FindAsync(_bucket, key, cancellationToken);
            if (now?.Writer == nonce)
                return now.Info;
            throw PreconditionFailedException.ForWrite(_bucket.Location, key, condition, fault);
        }
    }

    public void Dispose() => Conditions.Dispose();

    private static string NewNonce() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private Task<ObjectInfo> PutAsync(
        string key,
        UploadBody body,
        WriteCondition condition,
        string nonce,
        CancellationToken cancellationToken
    ) =>
        _bucket.CallAsync(
            key,
            async guard =>
            {
                var request = new PutObjectRequest
                {
                    BucketName = _bucket.Name,
                    Key = _bucket.WireKey(key),
                    InputStream = body.Part(0, body.SizeBytes, guard, _bucket.Options),
                    AutoCloseStream = false,
                    UseChunkEncoding = false,
                    IfNoneMatch = condition.IsIfAbsent ? "*" : null,
                    IfMatch = condition.ExpectedETag,
                };
                request.Metadata[S3Head.WriterMetadata] = nonce;
                var response = await _bucket.Client.PutObjectAsync(request, guard.Token);
                if (string.IsNullOrEmpty(response.ETag))
                    throw new GarbledAnswerException("the answer to PUT has no ETag: not a store's");
                return new ObjectInfo(key, body.SizeBytes, response.ETag.Trim('"'), _bucket.Time.GetUtcNow());
            },
            body.SizeBytes,
            cancellationToken
        );
}
