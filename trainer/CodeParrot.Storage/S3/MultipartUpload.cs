using Amazon.S3.Model;

namespace CodeParrot.Storage.S3;

/// <summary>
/// Writes a large object in parts, several at once, each with its own retries; a failed upload is aborted. A killed
/// process leaves its parts to the bucket's rule for incomplete uploads.
/// </summary>
internal sealed class MultipartUpload
{
    private const int MaxParts = 10_000;
    private const long MiB = 1024 * 1024;

    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(10);

    private readonly S3Bucket _bucket;
    private readonly string _key;
    private readonly UploadBody _body;
    private readonly string _uploadId;
    private readonly long _partBytes;

    private MultipartUpload(S3Bucket bucket, string key, UploadBody body, string uploadId)
    {
        _bucket = bucket;
        _key = key;
        _body = body;
        _uploadId = uploadId;
        _partBytes = PartBytesFor(body.SizeBytes, bucket.Options.PartSizeBytes);
    }

    /// <summary>Returns the size of parts with which an object needs at most 10,000 of them.</summary>
    public static long PartBytesFor(long sizeBytes, long wantedBytes)
    {
        var least = (sizeBytes + MaxParts - 1) / MaxParts;
        return Math.Max(wantedBytes, (least + MiB - 1) / MiB * MiB);
    }

    public static async Task<ObjectInfo> RunAsync(
        S3Bucket bucket,
        string key,
        UploadBody body,
        string nonce,
        CancellationToken cancellationToken
    )
    {
        var uploadId = await bucket.CallAsync(
            key,
            guard => BeginAsync(bucket, key, nonce, guard.Token),
            0,
            cancellationToken
        );
        var upload = new MultipartUpload(bucket, key, body, uploadId);
        try
        {
            var parts = await upload.SendPartsAsync(cancellationToken);
            return await upload.CompleteAsync(parts, nonce, cancellationToken);
        }
        catch
        {
            await upload.TryAbortAsync();
            throw;
        }
    }

    private static async Task<string> BeginAsync(
        S3Bucket bucket,
        string key,
        string nonce,
        CancellationToken cancellation
    )
    {
        var request = new InitiateMultipartUploadRequest { BucketName = bucket.Name, Key = bucket.WireKey(key) };
        request.Metadata[S3Head.WriterMetadata] = nonce;
        var response = await bucket.Client.InitiateMultipartUploadAsync(request, cancellation);
        return string.IsNullOrEmpty(response.UploadId)
            ? throw new GarbledAnswerException("the answer to an upload's begin has no id: not a store's")
            : response.UploadId;
    }

    private async Task<PartETag[]> SendPartsAsync(CancellationToken cancellationToken)
    {
        var parts = new PartETag[(int)((_body.SizeBytes + _partBytes - 1) / _partBytes)];
        var limits = new ParallelOptions
        {
            MaxDegreeOfParallelism = _bucket.Options.ParallelParts,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(
            0,
            parts.Length,
            limits,
            async (index, cancellation) => parts[index] = await SendPartAsync(index, cancellation)
        );
        return parts;
    }

    private Task<PartETag> SendPartAsync(int index, CancellationToken cancellationToken)
    {
        var offset = index * _partBytes;
        var length = Math.Min(_partBytes, _body.SizeBytes - offset);
        return _bucket.CallAsync(
            _key,
            async guard =>
            {
                var request = new UploadPartRequest
                {
                    BucketName = _bucket.Name,
                    Key = _bucket.WireKey(_key),
                    UploadId = _uploadId,
                    PartNumber = index + 1,
                    PartSize = length,
                    InputStream = _body.Part(offset, length, guard, _bucket.Options),
                    UseChunkEncoding = false,
                };
                var response = await _bucket.Client.UploadPartAsync(request, guard.Token);
                return string.IsNullOrEmpty(response.ETag)
                    ? throw new GarbledAnswerException("the answer to a part has no ETag: not a store's")
                    : new PartETag(index + 1, response.ETag);
            },
            length,
            cancellationToken
        );
    }

    private async Task<ObjectInfo> CompleteAsync(PartETag[] parts, string nonce, CancellationToken cancellationToken)
    {
        try
        {
            var etag = await _bucket.CallAsync(
                _key,
                guard => SendCompleteAsync(parts, guard.Token),
                0,
                cancellationToken
            );
            return new ObjectInfo(_key, _body.SizeBytes, etag, _bucket.Time.GetUtcNow());
        }
        catch (ObjectNotFoundException fault)
        {
            // The upload is gone: either an earlier try completed it and its answer was lost, or someone aborted it.
            var now = await S3Head.FindAsync(_bucket, _key, cancellationToken);
            return now?.Writer == nonce
                ? now.Info
                : throw new StoreException(
                    _bucket.Location,
                    _key,
                    "the upload was aborted from outside before it was complete; write the object again",
                    fault
                );
        }
    }

    private async Task<string> SendCompleteAsync(PartETag[] parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = _bucket.Name,
            Key = _bucket.WireKey(_key),
            UploadId = _uploadId,
            PartETags = [.. parts],
        };
        var response = await _bucket.Client.CompleteMultipartUploadAsync(request, cancellationToken);
        return string.IsNullOrEmpty(response.ETag)
            ? throw new GarbledAnswerException("the answer to an upload's end has no ETag: not a store's")
            : response.ETag.Trim('"');
    }

    private async Task TryAbortAsync()
    {
        using var guard = new RequestGuard(AbortLimit, _bucket.Time, CancellationToken.None);
        try
        {
            var request = new AbortMultipartUploadRequest
            {
                BucketName = _bucket.Name,
                Key = _bucket.WireKey(_key),
                UploadId = _uploadId,
            };
            await _bucket.Client.AbortMultipartUploadAsync(request, guard.Token);
        }
        catch (Exception fault) when (S3Fault.IsFault(fault, CancellationToken.None))
        {
            // The caller is about to hear why the upload failed, which matters more than parts left behind.
        }
    }
}
