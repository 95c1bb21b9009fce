using System.Text;
using CodeParrot.Integration.Tests.Storage.Faults;
using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

[Collection(S3ServerCollection.Name)]
public sealed class S3AnswerFaultTests(S3Server server) : S3FaultTests(server)
{
    private const string LoginPage = "<html><body>Please log in</body></html>";

    private static readonly Fault Login = new Fault.Answer("200 OK", "text/html", LoginPage);

    [Theory]
    [InlineData("500 Internal Server Error", 12)]
    [InlineData("503 Slow Down", 2)]
    [InlineData("502 Bad Gateway", 7)]
    public async Task Errors_of_the_server_are_outlasted(string status, int times)
    {
        var store = await OpenAsync();
        await store.WriteBytesAsync("object", "content"u8.ToArray());
        Script = FaultProxy.First(times, _ => true, new Fault.Answer(status, "text/html", LoginPage));

        var read = await store.ReadBytesAsync("object");

        Assert.Equal("content", Encoding.UTF8.GetString(read));
    }

    [Fact]
    public async Task A_login_page_is_never_an_answer()
    {
        var store = await OpenAsync();
        await store.WriteBytesAsync("object", "content"u8.ToArray());
        var spoiled = new HashSet<string>(StringComparer.Ordinal);
        // The first request of each kind gets the page.
        Script = request => spoiled.Add($"{request.Method} {request.IsList}") ? Login : null;

        var listed = await store.ListAsync("").ToListAsync();
        var found = await store.FindAsync("object");
        var read = await store.ReadBytesAsync("object");
        var written = await store.WriteBytesAsync("other", "written"u8.ToArray());
        await store.DeleteAsync(["object"]);

        Assert.Equal("object", Assert.Single(listed).Key);
        Assert.Equal(7, found!.SizeBytes);
        Assert.Equal("content", Encoding.UTF8.GetString(read));
        Assert.Equal(written.ETag, (await store.FindAsync("other"))!.ETag);
        Assert.Null(await store.FindAsync("object"));
        Assert.Equal(5, spoiled.Count);
    }

    [Fact]
    public async Task A_list_that_stays_a_login_page_ends_unreachable_not_empty()
    {
        var store = await OpenAsync(o => o with { RetryBudget = TimeSpan.FromSeconds(1) });
        Script = _ => Login;

        var fault = await Assert.ThrowsAsync<StoreUnreachableException>(async () =>
            await store.ListAsync("folder/").ToListAsync()
        );

        Assert.Contains("LIST", fault.InnerException!.Message);
        Assert.Contains(store.Location.UriOf("folder/"), fault.Message);
    }

    [Fact]
    public async Task A_silent_server_is_asked_again()
    {
        // Long enough for the honest answer of a busy machine; were it not, the budget has room for more tries.
        var store = await OpenAsync(o => o with { RequestTimeout = TimeSpan.FromSeconds(2) });
        Script = FaultProxy.First(1, _ => true, new Fault.Silence());

        var found = await store.FindAsync("object");

        Assert.Null(found);
        Assert.True(Requests.Count >= 2);
    }

    [Fact]
    public async Task A_server_that_stays_silent_ends_unreachable()
    {
        var store = await OpenAsync(o =>
            o with
            {
                RetryBudget = TimeSpan.FromSeconds(1),
                RequestTimeout = TimeSpan.FromMilliseconds(300),
            }
        );
        Script = _ => new Fault.Silence();

        var fault = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.FindAsync("object"));

        Assert.IsAssignableFrom<OperationCanceledException>(fault.InnerException);
    }

    [Fact]
    public async Task A_server_that_is_gone_ends_unreachable_with_the_first_cause()
    {
        var store = await OpenAsync(o => o with { RetryBudget = TimeSpan.FromSeconds(1) });
        await StopProxyAsync();

        var fault = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.FindAsync("object"));

        Assert.Contains("refused", fault.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(store.Location.UriOf("object"), fault.Message);
        Assert.NotNull(fault.InnerException);
    }
}
