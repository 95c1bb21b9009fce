using System.Text;
using Amazon.S3.Model;
using CodeParrot.Integration.Tests.Storage.Faults;
using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

[Collection(S3ServerCollection.Name)]
public sealed class S3WriteFaultTests(S3Server server) : S3FaultTests(server)
{
    [Fact]
    public async Task A_conditional_write_whose_answer_was_lost_knows_that_it_won()
    {
        var store = await OpenAsync();
        await store.WriteBytesAsync("warm-up", "x"u8.ToArray(), WriteCondition.IfAbsent);
        Script = FaultProxy.First(1, request => request.IsPut, new Fault.LoseAnswer());

        var created = await store.WriteBytesAsync("object", "mine"u8.ToArray(), WriteCondition.IfAbsent);
        Script = FaultProxy.First(1, request => request.IsPut, new Fault.LoseAnswer());
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
        Script = request => resets(request) ?? losses(request);

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
        Script = FaultProxy.First(2, request => request.IsPut, new Fault.FlipRequest(50_000));

        await store.WriteBytesAsync("object", bytes);

        var read = await store.ReadBytesAsync("object");
        Assert.True(bytes.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public async Task A_failed_large_write_leaves_no_parts()
    {
        var denied = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>";
        var store = await OpenAsync();
        Script = FaultProxy.First(
            1,
            request => request.IsPart && request.Target.Contains("partNumber=3", StringComparison.Ordinal),
            new Fault.Answer("403 Forbidden", "application/xml", denied)
        );

        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => store.WriteBytesAsync("object", Bytes(16 * MiB)));

        using var client = Server.NewClient();
        var request = new ListMultipartUploadsRequest { BucketName = store.Location.Bucket };
        Assert.Empty((await client.ListMultipartUploadsAsync(request)).MultipartUploads ?? []);
        Assert.Null(await store.FindAsync("object"));
    }

    [Fact]
    public async Task A_server_without_conditions_gets_checks_before_writes()
    {
        var store = await OpenAsync();
        var refusal = "<?xml version=\"1.0\"?><Error><Code>NotImplemented</Code><Message>no</Message></Error>";
        Script = request =>
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
        Script = FaultProxy.First(1, r => r.Method == "POST", new Fault.Answer("200 OK", "application/xml", partial));

        await store.DeleteAsync(["a", "b"]);

        Assert.Empty(await store.ListAsync("").ToListAsync());
        Assert.Equal(2, Requests.Count(request => request.Method == "POST"));
    }
}
