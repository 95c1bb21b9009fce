using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Xml;
using Amazon.Runtime;

namespace CodeParrot.Storage.S3;

/// <summary>Reads the exceptions that the SDK lets out; measured kinds, not only its own.</summary>
internal static class S3Fault
{
    private static readonly HashSet<string> DamageCodes =
    [
        "SignatureDoesNotMatch",
        "XAmzContentSHA256Mismatch",
        "BadDigest",
        "InvalidDigest",
        "IncompleteBody",
    ];

    private static readonly HashSet<string> DeniedCodes =
    [
        "ExpiredToken",
        "InvalidToken",
        "TokenRefreshRequired",
        "InvalidAccessKeyId",
        "AccessDenied",
    ];

    private static readonly HashSet<string> TransientCodes =
    [
        "RequestTimeout",
        "ConditionalRequestConflict",
        "OperationAborted",
        "SlowDown",
        "InternalError",
    ];

    private static readonly HashSet<string> FullCodes = ["QuotaExceeded", "XMinioStorageFull", "InsufficientStorage"];

    /// <summary>
    /// Returns whether an exception comes from a request and not from a bug or the caller's cancellation.
    /// </summary>
    public static bool IsFault(Exception fault, CancellationToken caller) =>
        !caller.IsCancellationRequested
        && fault
            is AmazonServiceException
                or AmazonClientException
                or IOException
                or SocketException
                or HttpRequestException
                or TimeoutException
                or OperationCanceledException
                or XmlException
                or AuthenticationException;

    public static S3FaultKind KindOf(Exception fault) =>
        Causes(fault).Any(cause => cause is AuthenticationException) ? S3FaultKind.Untrusted
        : fault is AmazonServiceException service ? KindOf(service.StatusCode, service.ErrorCode ?? "")
        : fault is AmazonClientException && fault.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase)
            ? S3FaultKind.Denied
        : S3FaultKind.Transient;

    public static StoreException Describe(StoreLocation location, string key, long sizeBytes, Exception fault) =>
        KindOf(fault) switch
        {
            S3FaultKind.ObjectMissing => new ObjectNotFoundException(location, key, fault),
            S3FaultKind.BucketMissing => new BucketNotFoundException(location, fault),
            S3FaultKind.ConditionFailed => PreconditionFailedException.ForRead(location, key, fault),
            S3FaultKind.RangeBeyondEnd => new RangeBeyondEndException(location, key, fault),
            S3FaultKind.Full => new StoreFullException(location, key, sizeBytes, fault),
            S3FaultKind.Denied => new StoreAccessDeniedException(
                location,
                key,
                $"the server refuses the credentials ({Summary(fault)}); check the keys, their rights on the bucket, "
                    + "and this machine's clock",
                fault
            ),
            S3FaultKind.Untrusted => new StoreUnreachableException(
                location,
                key,
                $"TLS does not trust the server ({Summary(fault)}); name its authority's PEM file as the CA bundle",
                fault
            ),
            S3FaultKind.DamagedUpload when fault is AmazonServiceException { ErrorCode: "SignatureDoesNotMatch" } =>
                new StoreAccessDeniedException(
                    location,
                    key,
                    $"the server refuses the signature again and again ({Summary(fault)}); check the secret key, and "
                        + "proxies that change requests",
                    fault
                ),
            S3FaultKind.DamagedUpload => new StoreCorruptionException(
                location,
                key,
                "the body as it was sent",
                $"another one on the server ({Summary(fault)})",
                fault
            ),
            _ => new StoreException(
                location,
                key,
                $"the server refuses the request ({Summary(fault)}); check endpoint, region and bucket",
                fault
            ),
        };

    public static string Summary(Exception fault) =>
        fault is AmazonServiceException service
            ? $"{(int)service.StatusCode} {service.ErrorCode}: {service.Message}"
            : $"{fault.GetType().Name}: {fault.Message}";

    private static S3FaultKind KindOf(HttpStatusCode status, string code) =>
        (int)status switch
        {
            _ when TransientCodes.Contains(code) => S3FaultKind.Transient,
            _ when FullCodes.Contains(code) => S3FaultKind.Full,
            _ when DamageCodes.Contains(code) => S3FaultKind.DamagedUpload,
            _ when DeniedCodes.Contains(code) => S3FaultKind.Denied,
            404 when code == "NoSuchBucket" => S3FaultKind.BucketMissing,
            404 => S3FaultKind.ObjectMissing,
            304 or 412 => S3FaultKind.ConditionFailed,
            416 => S3FaultKind.RangeBeyondEnd,
            401 or 403 => S3FaultKind.Denied,
            507 => S3FaultKind.Full,
            501 or 505 => S3FaultKind.Rejected,
            0 or 408 or 429 or >= 500 => S3FaultKind.Transient,
            // An answer of 2xx that the SDK could not read.
            < 300 => S3FaultKind.Transient,
            _ => S3FaultKind.Rejected,
        };

    private static IEnumerable<Exception> Causes(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
