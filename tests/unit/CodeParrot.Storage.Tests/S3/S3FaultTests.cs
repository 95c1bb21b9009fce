using System.Net;
using System.Security.Authentication;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;
using CodeParrot.Storage.S3;

namespace CodeParrot.Storage.Tests.S3;

public class S3FaultTests
{
    private static readonly StoreLocation Location = StoreLocation.Parse("s3://bucket/prefix");

    [Theory]
    [InlineData(503, "SlowDown", typeof(StoreException), true)]
    [InlineData(500, "", typeof(StoreException), true)]
    [InlineData(429, "", typeof(StoreException), true)]
    [InlineData(400, "RequestTimeout", typeof(StoreException), true)]
    [InlineData(409, "ConditionalRequestConflict", typeof(StoreException), true)]
    [InlineData(200, "", typeof(StoreException), true)]
    [InlineData(0, "", typeof(StoreException), true)]
    [InlineData(404, "NoSuchKey", typeof(ObjectNotFoundException), false)]
    [InlineData(404, "", typeof(ObjectNotFoundException), false)]
    [InlineData(404, "NoSuchBucket", typeof(BucketNotFoundException), false)]
    [InlineData(412, "PreconditionFailed", typeof(PreconditionFailedException), false)]
    [InlineData(304, "", typeof(PreconditionFailedException), false)]
    [InlineData(403, "AccessDenied", typeof(StoreAccessDeniedException), false)]
    [InlineData(403, "SignatureDoesNotMatch", typeof(StoreAccessDeniedException), false)]
    [InlineData(400, "ExpiredToken", typeof(StoreAccessDeniedException), false)]
    [InlineData(400, "XAmzContentSHA256Mismatch", typeof(StoreCorruptionException), false)]
    [InlineData(403, "QuotaExceeded", typeof(StoreFullException), false)]
    [InlineData(507, "XMinioStorageFull", typeof(StoreFullException), false)]
    [InlineData(501, "NotImplemented", typeof(StoreException), false)]
    [InlineData(301, "PermanentRedirect", typeof(StoreException), false)]
    public void Knows_what_an_answer_means(int status, string code, Type expected, bool isTransient)
    {
        var fault = new AmazonS3Exception("text", ErrorType.Unknown, code, "id", (HttpStatusCode)status);

        Assert.Equal(isTransient, S3Fault.KindOf(fault) == S3FaultKind.Transient);
        var described = S3Fault.Describe(Location, "key", 5, fault);
        Assert.IsType(expected, described);
        Assert.Same(fault, described.InnerException);
    }

    [Fact]
    public void Takes_all_that_the_sdk_leaks_for_transient()
    {
        Exception[] leaks =
        [
            new IOException(),
            new HttpRequestException(),
            new TimeoutException(),
            new TaskCanceledException(),
            new XmlException(),
            new AmazonClientException("checksum"),
        ];

        Assert.All(leaks, leak => Assert.True(S3Fault.IsFault(leak, CancellationToken.None)));
        Assert.All(leaks, leak => Assert.Equal(S3FaultKind.Transient, S3Fault.KindOf(leak)));
        Assert.False(S3Fault.IsFault(new TaskCanceledException(), new CancellationToken(canceled: true)));
        Assert.False(S3Fault.IsFault(new InvalidOperationException(), CancellationToken.None));
    }

    [Fact]
    public void Does_not_wait_for_a_certificate_to_become_trusted()
    {
        var fault = new HttpRequestException("TLS", new AuthenticationException("untrusted root"));

        Assert.Equal(S3FaultKind.Untrusted, S3Fault.KindOf(fault));
        Assert.Contains("CA bundle", S3Fault.Describe(Location, "key", 0, fault).Message);
    }
}
