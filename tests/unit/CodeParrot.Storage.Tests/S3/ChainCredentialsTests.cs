using System.Net;
using Amazon.Runtime;
using CodeParrot.Storage.S3;

namespace CodeParrot.Storage.Tests.S3;

public class ChainCredentialsTests
{
    private static readonly StoreLocation Location = StoreLocation.Parse("s3://bucket");

    [Theory]
    [InlineData(403, "AccessDenied")]
    [InlineData(400, "InvalidIdentityToken")]
    [InlineData(400, "ExpiredTokenException")]
    public async Task A_role_that_is_refused_needs_a_person(int status, string code)
    {
        var fault = await Assert.ThrowsAsync<StoreAccessDeniedException>(() => FailAsync(Answer(status, code)));

        Assert.Contains(code, fault.Message);
    }

    [Theory]
    [InlineData(500, "InternalFailure")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(400, "Throttling")]
    [InlineData(400, "IDPCommunicationError")]
    [InlineData(0, "")]
    public async Task A_service_that_cannot_answer_now_is_asked_again(int status, string code)
    {
        var fault = await Assert.ThrowsAsync<IOException>(() => FailAsync(Answer(status, code)));

        Assert.Equal(S3FaultKind.Transient, S3Fault.KindOf(fault));
        Assert.True(S3Fault.IsFault(fault, CancellationToken.None));
    }

    [Theory]
    [InlineData("Response status code does not indicate success: 403 (Forbidden).", true)]
    [InlineData("Response status code does not indicate success: 429 (Too Many Requests).", false)]
    [InlineData("Response status code does not indicate success: 500 (Internal Server Error).", false)]
    [InlineData("Connection refused (169.254.170.23:80)", false)]
    public async Task A_container_s_agent_is_read_by_its_words(string words, bool isRefusal)
    {
        var fault = await Record.ExceptionAsync(() => FailAsync(new AmazonServiceException(words)));

        Assert.Equal(isRefusal, fault is StoreAccessDeniedException);
        Assert.Equal(!isRefusal, fault is IOException);
    }

    [Fact]
    public async Task A_bug_is_not_taken_for_a_refusal()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => FailAsync(new NotSupportedException()));
    }

    [Fact]
    public async Task A_refused_session_is_replaced_once_for_all_who_used_it()
    {
        var source = new Sessions();
        var credentials = new ChainCredentials(Location, () => Task.FromResult<AWSCredentials>(source));
        var first = await credentials.GetCredentialsAsync();

        var replaced = await credentials.TryReplaceAsync(first);
        var replacedForAnother = await credentials.TryReplaceAsync(first);

        Assert.Equal((true, true, 2), (replaced, replacedForAnother, source.Count));
        Assert.Equal("key 2", (await credentials.GetCredentialsAsync()).AccessKey);
    }

    [Fact]
    public async Task Keys_that_stay_are_not_tried_again()
    {
        AWSCredentials fixedKeys = new BasicAWSCredentials("key", "secret");
        var credentials = new ChainCredentials(Location, () => Task.FromResult(fixedKeys));

        Assert.False(await credentials.TryReplaceAsync(await credentials.GetCredentialsAsync()));
    }

    private static async Task FailAsync(Exception fault)
    {
        var source = new Sessions { Fault = fault };
        await new ChainCredentials(Location, () => Task.FromResult<AWSCredentials>(source)).GetCredentialsAsync();
    }

    // As the SDK's client of STS wraps it.
    private static AmazonClientException Answer(int status, string code) =>
        new(
            "Error calling AssumeRole for role any",
            new AmazonServiceException("why") { StatusCode = (HttpStatusCode)status, ErrorCode = code }
        );

    private sealed class Sessions : RefreshingAWSCredentials
    {
        public int Count { get; private set; }

        public Exception? Fault { get; init; }

        protected override Task<CredentialsRefreshState> GenerateNewCredentialsAsync() =>
            Fault is null
                ? Task.FromResult(
                    new CredentialsRefreshState(
                        new ImmutableCredentials($"key {++Count}", "secret", null),
                        DateTime.UtcNow.AddHours(1)
                    )
                )
                : Task.FromException<CredentialsRefreshState>(Fault);
    }
}
