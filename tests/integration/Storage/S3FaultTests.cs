using System.Globalization;
using System.Text;
using Amazon.S3.Model;
using CodeParrot.Integration.Tests.Storage.Faults;
using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

/// <summary>A real server behind a proxy that spoils chosen exchanges.</summary>
[Collection(S3ServerCollection.Name)]
public sealed class S3FaultTests(S3Server server) : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;
    private const string LoginPage = "<html><body>Please log in</body></html>";

    private static readonly Fault Login = new Fault.Answer("200 OK", "text/html", LoginPage);

    private readonly List<IObjectStore> _stores = [];
    private FaultProxy? _proxy;
    private Func<ProxiedRequest, Fault?> _script = _ => null;

    private IReadOnlyList<ProxiedRequest> Requests => _proxy!.Requests;

    public ValueTask InitializeAsync()
    {
        server.Require();
        _proxy = new FaultProxy(server.Endpoint, request => _script(request));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            store.Dispose();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
    }

    public static TheoryData<string, Fault> BrokenDownloads() =>
        new()
        {
            { "reset", new Fault.ResetAnswer(1_000_000) },
            { "cut off", new Fault.TruncateAnswer(1_000_000) },
            { "stalled", new Fault.StallAnswer(1_000_000) },
            { "reset before the first byte", new Fault.ResetAnswer(0) },
        };

    [Theory]
    [MemberData(nameof(BrokenDownloads))]
    public async Task A_broken_download_goes_on_from_its_last_good_byte(string what, Fault fault)
    {
        var store = await OpenAsync(o => o with { StallTimeout = TimeSpan.FromSeconds(1) });
        var bytes = Bytes(3 * MiB);
        var written = await store.WriteBytesAsync("object", bytes);
        _script = FaultProxy.First(2, request => request.IsGet, fault);

        var read = await store.ReadBytesAsync("object");

        Assert.True(bytes.AsSpan().SequenceEqual(read), what);
        var gets = Requests.Where(request => request.IsGet).ToList();
        Assert.Equal(3, gets.Count);
        Assert.Null(gets[0].Header("Range"));
        if (!what.Contains("before", StringComparison.Ordinal))
        {
            // A reset discards what the client's kernel holds unread.
            Assert.InRange(OffsetOf(gets[1]), fault is Fault.ResetAnswer ? 1 : 1_000_000, 1_000_000);
            Assert.All(gets[1..], get => Assert.Equal(written.ETag, get.Header("If-Match")));
        }
    }

    [Fact]
    public async Task A_range_that_breaks_goes_on_within_its_bounds()
    {
        var store = await OpenAsync();
        var bytes = Bytes(3 * MiB);
        await store.WriteBytesAsync("object", bytes);
        _script = FaultProxy.First(1, request => request.IsGet, new Fault.ResetAnswer(500_000));

        await using var content = await store.OpenReadAsync("object", 100_000, 2_000_000);
        using var read = new MemoryStream();
        await content.CopyToAsync(read);

        Assert.True(bytes.AsSpan(100_000, 2_000_000).SequenceEqual(read.ToArray()));
        var last = Requests.Last(request => request.IsGet);
        Assert.EndsWith("-2099999", last.Header("Range"));
        Assert.InRange(OffsetOf(last), 100_001, 600_000);
    }

    [Fact]
    public async Task A_download_whose_object_changed_does_not_mix_versions()
    {
        var store = await OpenAsync();
        await store.WriteBytesAsync("object", Bytes(3 * MiB));
        var isReplaced = false;
        _script = request =>
        {
            if (!request.IsGet || isReplaced)
                return null;
            isReplaced = true;
            return new Fault.ResetAnswer(1_000_000);
        };

        await using var content = await store.OpenReadAsync("object");
        await content.ReadExactlyAsync(new byte[10]);
        await store.WriteBytesAsync("object", Bytes(3 * MiB, seed: 2));

        await Assert.ThrowsAsync<PreconditionFailedException>(() => content.CopyToAsync(Stream.Null));
    }

    [Theory]
    [InlineData("500 Internal Server Error", 12)]
    [InlineData("503 Slow Down", 2)]
    [InlineData("502 Bad Gateway", 7)]
    public async Task Errors_of_the_server_are_outlasted(string status, int times)
    {
        var store = await OpenAsync();
        await store.WriteBytesAsync("object", "content"u8.ToArray());
        _script = FaultProxy.First(times, _ => true, new Fault.Answer(status, "text/html", LoginPage));

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
        _script = request => spoiled.Add($"{request.Method} {request.IsList}") ? Login : null;

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
        _script = _ => Login;

        var fault = await Assert.ThrowsAsync<StoreUnreachableException>(async () =>
            await store.ListAsync("folder/").ToListAsync()
        );

        Assert.Contains("LIST", fault.InnerException!.Message);
        Assert.Contains(store.Location.UriOf("folder/"), fault.Message);
    }

    [Fact]
    public async Task A_conditional_write_whose_answer_was_lost_knows_that_it_won()
    {
        var store = await OpenAsync();
        await store.WriteBytesAsync("warm-up", "x"u8.ToArray(), WriteCondition.IfAbsent);
        _script = FaultProxy.First(1, request => request.IsPut, new Fault.LoseAnswer());

        var created = await store.WriteBytesAsync("object", "mine"u8.ToArray(), WriteCondition.IfAbsent);
        _script = FaultProxy.First(1, request => request.IsPut, new Fault.LoseAnswer());
        var replaced = await store.WriteBytesAsync("object", "again"u8.ToArray(), WriteCondition.IfMatch(created.ETag));

        Assert.True(Requests.Count(request => request.IsPut && request.Target.EndsWith("object")) >= 4);
        Assert.Equal(replaced.ETag, (await store.FindAsync("object"))!.ETag);
        Assert.Equal("again", Encoding.UTF8.GetString(await store.ReadBytesAsync("object")));
        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            store.WriteBytesAsync("object", "late"u8.ToArray(), WriteCondition.IfMatch(created.ETag))
        );
    }

    [Fact]
    public async Task A_large_write_survives_resets_and_a_lost_last_answer()
    {
        var store = await OpenAsync();
        var bytes = Bytes(16 * MiB);
        var resets = FaultProxy.First(6, request => request.IsPart, new Fault.ResetRequest(300_000));
        var losses = FaultProxy.First(1, request => request.IsComplete, new Fault.LoseAnswer());
        _script = request => resets(request) ?? losses(request);

        await store.WriteBytesAsync("object", bytes);

        var read = await store.ReadBytesAsync("object");
        Assert.True(bytes.AsSpan().SequenceEqual(read));
        Assert.True(Requests.Count(request => request.IsComplete) >= 2);
        Assert.True(Requests.Count(request => request.IsPart) >= 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public async Task A_body_damaged_on_its_way_up_is_sent_again(int sizeMiB)
    {
        var store = await OpenAsync();
        var bytes = Bytes(sizeMiB * MiB);
        _script = FaultProxy.First(2, request => request.IsPut, new Fault.FlipRequest(50_000));

        await store.WriteBytesAsync("object", bytes);

        var read = await store.ReadBytesAsync("object");
        Assert.True(bytes.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public async Task A_body_damaged_on_its_way_down_is_read_again()
    {
        var store = await OpenAsync();
        var bytes = Bytes(MiB);
        await store.WriteBytesAsync("object", bytes);
        _script = FaultProxy.First(1, request => request.IsGet, new Fault.FlipAnswer(50_000));

        var read = await store.ReadBytesAsync("object");
        _script = FaultProxy.First(9, request => request.IsGet, new Fault.FlipAnswer(50_000));
        var fault = await Assert.ThrowsAsync<StoreCorruptionException>(() => store.ReadBytesAsync("object"));

        Assert.True(bytes.AsSpan().SequenceEqual(read));
        Assert.Contains("object", fault.Message);
    }

    [Fact]
    public async Task A_failed_large_write_leaves_no_parts()
    {
        var denied = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>";
        var store = await OpenAsync();
        _script = FaultProxy.First(
            1,
            request => request.IsPart && request.Target.Contains("partNumber=3", StringComparison.Ordinal),
            new Fault.Answer("403 Forbidden", "application/xml", denied)
        );

        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => store.WriteBytesAsync("object", Bytes(16 * MiB)));

        using var client = server.NewClient();
        var request = new ListMultipartUploadsRequest { BucketName = store.Location.Bucket };
        Assert.Empty((await client.ListMultipartUploadsAsync(request)).MultipartUploads ?? []);
        Assert.Null(await store.FindAsync("object"));
    }

    [Fact]
    public async Task A_server_without_conditions_gets_checks_before_writes()
    {
        var store = await OpenAsync();
        var refusal = "<?xml version=\"1.0\"?><Error><Code>NotImplemented</Code><Message>no</Message></Error>";
        _script = request =>
            request.IsPut && (request.Header("If-Match") ?? request.Header("If-None-Match")) is not null
                ? new Fault.Answer("501 Not Implemented", "application/xml", refusal)
                : null;

        var first = await store.WriteBytesAsync("object", "1"u8.ToArray(), WriteCondition.IfAbsent);
        await store.WriteBytesAsync("object", "2"u8.ToArray(), WriteCondition.IfMatch(first.ETag));

        Assert.False(store.HasConditionalWrites);
        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            store.WriteBytesAsync("object", "3"u8.ToArray(), WriteCondition.IfMatch(first.ETag))
        );
        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            store.WriteBytesAsync("object", "3"u8.ToArray(), WriteCondition.IfAbsent)
        );
        Assert.Equal(["object"], await store.ListAsync("").Select(found => found.Key).ToListAsync());
    }

    [Fact]
    public async Task Partial_deletes_are_finished()
    {
        var store = await OpenAsync();
        foreach (var key in (string[])["a", "b"])
            await store.WriteBytesAsync(key, "x"u8.ToArray());
        var prefix = store.Location.Path;
        var partial =
            "<?xml version=\"1.0\"?><DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            + $"<Error><Key>{prefix}/a</Key><Code>InternalError</Code><Message>later</Message></Error>"
            + $"<Error><Key>{prefix}/b</Key><Code>InternalError</Code><Message>later</Message></Error></DeleteResult>";
        _script = FaultProxy.First(1, r => r.Method == "POST", new Fault.Answer("200 OK", "application/xml", partial));

        await store.DeleteAsync(["a", "b"]);

        Assert.Empty(await store.ListAsync("").ToListAsync());
        Assert.Equal(2, Requests.Count(request => request.Method == "POST"));
    }

    [Fact]
    public async Task A_silent_server_is_asked_again_and_ends_unreachable_within_the_budget()
    {
        var store = await OpenAsync(o =>
            o with
            {
                RetryBudget = TimeSpan.FromSeconds(1),
                RequestTimeout = TimeSpan.FromMilliseconds(300),
            }
        );
        _script = FaultProxy.First(1, _ => true, new Fault.Silence());
        Assert.Null(await store.FindAsync("object"));
        _script = _ => new Fault.Silence();

        var fault = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.FindAsync("object"));

        Assert.IsAssignableFrom<OperationCanceledException>(fault.InnerException);
        Assert.True(Requests.Count >= 4);
    }

    [Fact]
    public async Task A_server_that_is_gone_ends_unreachable_with_the_first_cause()
    {
        var store = await OpenAsync(o => o with { RetryBudget = TimeSpan.FromSeconds(1) });
        await _proxy!.DisposeAsync();
        _proxy = null;

        var fault = await Assert.ThrowsAsync<StoreUnreachableException>(() => store.FindAsync("object"));

        Assert.Contains("refused", fault.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(store.Location.UriOf("object"), fault.Message);
        Assert.NotNull(fault.InnerException);
    }

    private static int OffsetOf(ProxiedRequest get) =>
        int.Parse(get.Header("Range")!.Split('=', '-')[1], CultureInfo.InvariantCulture);

    private async Task<IObjectStore> OpenAsync(Func<StoreOptions, StoreOptions>? change = null)
    {
        var options = await server.NewBucketAsync(_proxy!.Endpoint);
        var store = ObjectStores.Open(change?.Invoke(options) ?? options, TimeProvider.System);
        _stores.Add(store);
        return store;
    }

    private static byte[] Bytes(int size, int seed = 1)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
