using System.Net;
using Amazon.Runtime;
using Amazon.S3.Model;

namespace CodeParrot.Storage.S3;

/// <summary>
/// Reads one version of an object, or a range of it, and goes on from the last good byte when the connection breaks or
/// stalls: the SDK does neither.
/// </summary>
internal sealed class S3ReadStream : ForwardReadStream
{
    private readonly S3Bucket _bucket;
    private readonly string _key;
    private readonly Backoff _backoff;
    private readonly long? _lastOffset;

    private GetObjectResponse? _response;
    private string? _etag;
    private long _position;
    private long _end;

    private S3ReadStream(S3Bucket bucket, string key, long offset, long? length)
    {
        _bucket = bucket;
        _key = key;
        _position = offset;
        _lastOffset = length is { } bytes ? checked(offset + bytes) - 1 : null;
        _backoff = bucket.NewBackoff();
    }

    public static async Task<Stream> OpenAsync(
        S3Bucket bucket,
        string key,
        long offset,
        long? length,
        CancellationToken cancellationToken
    )
    {
        var stream = new S3ReadStream(bucket, key, offset, length);
        try
        {
            await stream.ConnectAsync(cancellationToken);
            return stream;
        }
        catch (RangeBeyondEndException)
        {
            return Null;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var copy = new byte[buffer.Length];
#pragma warning disable VSTHRD002 // A Stream must offer Read; no synchronisation context can deadlock here.
        var read = ReadAsync(copy).AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        copy.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_position < _end && buffer.Length > 0)
        {
            Exception transient;
            try
            {
                if (_response is null)
                    await ConnectAsync(cancellationToken);
                var read = await ReadOnceAsync(buffer, cancellationToken);
                if (read > 0)
                    return read;
                transient = new GarbledAnswerException($"the body ended at byte {_position} of {_end}");
            }
            catch (Exception fault) when (S3Fault.IsFault(fault, cancellationToken))
            {
                if (
                    fault is AmazonClientException
                    && fault.Message.Contains("hash", StringComparison.OrdinalIgnoreCase)
                )
                    throw new StoreCorruptionException(_bucket.Location, _key, $"MD5 {_etag}", fault.Message, fault);
                transient = fault;
            }
            Disconnect();
            await _backoff.WaitAsync(_bucket.Location, _key, transient, cancellationToken);
        }
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Disconnect();
        base.Dispose(disposing);
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var guard = new RequestGuard(_bucket.Options.StallTimeout, _bucket.Time, cancellationToken);
        var wanted = (int)Math.Min(buffer.Length, _end - _position);
        var read = await _response!.ResponseStream.ReadAsync(buffer[..wanted], guard.Token);
        _position += read;
        if (read > 0)
            _backoff.NoteProgress();
        // The SDK compares the body with its MD5 when the response is closed, and the last bytes must not pass before
        // that.
        if (_position == _end)
            CloseResponse();
        return read;
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _response = await _bucket.CallAsync(_key, guard => SendAsync(guard.Token), 0, cancellationToken);
        _etag ??= _response.ETag.Trim('"');
        _end = _position + _response.ContentLength;
    }

    private async Task<GetObjectResponse> SendAsync(CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _bucket.Name, Key = _bucket.WireKey(_key) };
        // Without a range the SDK compares the body with the tag where that is an MD5.
        var isRanged = _position > 0 || _lastOffset is not null;
        if (isRanged)
            request.ByteRange = new ByteRange($"bytes={_position}-{_lastOffset}");
        request.EtagToMatch = _etag;
        var response = await _bucket.Client.GetObjectAsync(request, cancellationToken);
        try
        {
            Check(response, isRanged);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private void Check(GetObjectResponse response, bool isRanged)
    {
        if (string.IsNullOrEmpty(response.ETag))
            throw new GarbledAnswerException("the answer to GET has no ETag: not a store's");
        // A server may ignore If-Match, but not lie about the tag.
        if (_etag is not null && response.ETag.Trim('"') != _etag)
            throw PreconditionFailedException.ForRead(_bucket.Location, _key);
        if (isRanged && !IsRangeFrom(response, _position))
            throw new GarbledAnswerException(
                $"asked for bytes from {_position}, got {(int)response.HttpStatusCode} '{response.ContentRange}'"
            );
        if (_end > 0 && response.ContentLength != _end - _position)
            throw new GarbledAnswerException(
                $"{_end - _position} bytes are left, the answer has {response.ContentLength}"
            );
    }

    private static bool IsRangeFrom(GetObjectResponse response, long offset) =>
        response.HttpStatusCode == HttpStatusCode.PartialContent
        && response.ContentRange?.StartsWith($"bytes {offset}-", StringComparison.Ordinal) == true;

    private void CloseResponse()
    {
        var response = _response;
        _response = null;
        response?.Dispose();
    }

    private void Disconnect()
    {
        try
        {
            CloseResponse();
        }
        catch (AmazonClientException)
        {
            // The SDK misses the rest of a body that is given up on purpose.
        }
    }
}
