using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace CodeParrot.Storage.S3;

/// <summary>
/// Makes the SDK's client with the settings that work on every server measured (docs/decisions/0002).
/// </summary>
internal static class S3Clients
{
    public const int MaxConnections = 32;

    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Only a last resort: <see cref="RequestGuard"/> ends what stands still, and a slow upload may go on.
    /// </summary>
    public static readonly TimeSpan WholeRequestTimeout = TimeSpan.FromHours(1);

    public static AmazonS3Client Create(StoreOptions options, AWSCredentials credentials)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 4,
            Timeout = WholeRequestTimeout,
            ConnectTimeout = ConnectTimeout,
            BufferSize = 128 * 1024,
            MaxConnectionsPerServer = MaxConnections,
            IgnoreConfiguredEndpointUrls = true,
        };
        var region = options.Region ?? "us-east-1";
        // Setting one of the two resets the other.
        if (options.Endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        else
            config.ServiceURL = options.Endpoint;
        config.AuthenticationRegion = region;
        config.HttpClientFactory = Factory(options.CaBundlePath);
        return new AmazonS3Client(credentials, config);
    }

    private static S3HttpClientFactory Factory(string? bundlePath)
    {
        try
        {
            return new S3HttpClientFactory(bundlePath);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"caBundlePath: '{bundlePath}' cannot be read as PEM: {fault.Message}", fault);
        }
    }
}
