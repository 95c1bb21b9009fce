using Amazon.S3;
using Amazon.S3.Model;

namespace CodeParrot.EndToEnd.Tests.Runs;

/// <summary>Looks at a store past our own code.</summary>
internal static class StoreKeys
{
    /// <summary>All keys below a prefix.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(IAmazonS3 client, string bucket, string prefix)
    {
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        ListObjectsV2Response answer;
        do
        {
            answer = await client.ListObjectsV2Async(request);
            keys.AddRange((answer.S3Objects ?? []).Select(o => o.Key));
            request.ContinuationToken = answer.NextContinuationToken;
        } while (answer.IsTruncated == true);

        return keys;
    }
}
