using Amazon.S3;
using Amazon.S3.Model;

namespace CodeParrot.Storage.S3;

/// <summary>
/// Deletes up to 1,000 objects by one request, and those again that the server could not delete just then.
/// </summary>
internal static class S3Deletion
{
    public static async Task RunAsync(S3Bucket bucket, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var left = keys.ToHashSet(StringComparer.Ordinal);
        await bucket.CallAsync(
            keys[0],
            async guard =>
            {
                await SendAsync(bucket, left, guard.Token);
                return true;
            },
            0,
            cancellationToken
        );
    }

    private static async Task SendAsync(S3Bucket bucket, HashSet<string> left, CancellationToken cancellationToken)
    {
        var request = new DeleteObjectsRequest
        {
            BucketName = bucket.Name,
            Objects = [.. left.Select(key => new KeyVersion { Key = bucket.WireKey(key) })],
        };
        var response = await AnswerAsync(bucket, request, cancellationToken);
        foreach (var deleted in response.DeletedObjects ?? [])
            left.Remove(deleted.Key[bucket.Prefix.Length..]);
        foreach (var error in response.DeleteErrors ?? [])
        {
            var key = error.Key[bucket.Prefix.Length..];
            if (error.Code == "NoSuchKey")
                left.Remove(key);
            else if (error.Code == "AccessDenied")
                throw new StoreAccessDeniedException(
                    bucket.Location,
                    key,
                    $"the server refuses to delete it ({error.Message}); give the credentials the right to delete"
                );
        }
        if (left.Count > 0)
            throw new GarbledAnswerException($"{left.Count} of {request.Objects.Count} objects were not deleted");
    }

    private static async Task<DeleteObjectsResponse> AnswerAsync(
        S3Bucket bucket,
        DeleteObjectsRequest request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await bucket.Client.DeleteObjectsAsync(request, cancellationToken);
        }
        catch (DeleteObjectsException partial)
        {
            return partial.Response;
        }
    }
}
