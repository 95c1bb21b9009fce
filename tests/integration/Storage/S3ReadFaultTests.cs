using System.Globalization;
using System.Security.Cryptography;
using CodeParrot.Integration.Tests.Storage.Faults;
using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

[Collection(S3ServerCollection.Name)]
public sealed class S3ReadFaultTests(S3Server server) : S3FaultTests(server)
{
    public static TheoryData<string, Fault> BrokenDownloads() =>
        new()
        {
            { "reset", new Fault.ResetAnswer(1_000_000) },
            { "cut off", new Fault.TruncateAnswer(1_000_000) },
            { "stalled", new Fault.StallAnswer(1_000_000) },
            { "reset before the first byte", new Fault.ResetAnswer(0) },
        };

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(BrokenDownloads))]
    public async Task A_broken_download_goes_on_from_its_last_good_byte(string what, Fault fault)
    {
        // Only the stalled download has to end by it: an honest one on a busy machine may stand still for a while.
        var store = await OpenAsync(o =>
            fault is Fault.StallAnswer ? o with { StallTimeout = TimeSpan.FromSeconds(3) } : o
        );
        var bytes = Bytes(3 * MiB);
        var written = await store.WriteBytesAsync("object", bytes);
        Script = FaultProxy.First(2, request => request.IsGet, fault);

        var read = await store.ReadBytesAsync("object", TestContext.Current.CancellationToken);

        Assert.True(bytes.AsSpan().SequenceEqual(read), what);
        var gets = Requests.Where(request => request.IsGet).ToList();
        Assert.True(gets.Count >= 3);
        Assert.Null(gets[0].Header("Range"));
        Assert.All(gets.Where(get => OffsetOf(get) > 0), get => Assert.Equal(written.ETag, get.Header("If-Match")));
        // A reset discards what a kernel still holds, on this side or on the other.
        var least = fault is Fault.TruncateAnswer ? 1_000_000 : 0;
        Assert.InRange(OffsetOf(gets[1]), least, 1_000_000);
    }

    [Fact]
    public async Task A_range_that_breaks_goes_on_within_its_bounds()
    {
        var store = await OpenAsync();
        var bytes = Bytes(3 * MiB);
        await store.WriteBytesAsync("object", bytes);
        Script = FaultProxy.First(1, request => request.IsGet, new Fault.TruncateAnswer(500_000));

        await using var content = await store.OpenReadAsync("object", 100_000, 2_000_000);
        using var read = new MemoryStream();
        await content.CopyToAsync(read);

        Assert.True(bytes.AsSpan(100_000, 2_000_000).SequenceEqual(read.ToArray()));
        var last = Requests.Last(request => request.IsGet);
        Assert.Equal("bytes=600000-2099999", last.Header("Range"));
    }

    [Fact]
    public async Task A_download_whose_object_changed_does_not_mix_versions()
    {
        var store = await OpenAsync();
        await store.WriteBytesAsync("object", Bytes(3 * MiB));
        var isReplaced = false;
        Script = request =>
        {
            if (!request.IsGet || isReplaced)
                return null;
            isReplaced = true;
            return new Fault.TruncateAnswer(1_000_000);
        };

        await using var content = await store.OpenReadAsync("object");
        await content.ReadExactlyAsync(new byte[10]);
        await store.WriteBytesAsync("object", Bytes(3 * MiB, seed: 2));

        await Assert.ThrowsAsync<PreconditionFailedException>(() => content.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task A_body_damaged_on_its_way_down_is_read_again()
    {
        var store = await OpenAsync();
        var bytes = Bytes(MiB);
        await store.WriteBytesAsync("object", bytes);
        Script = FaultProxy.First(1, request => request.IsGet, new Fault.FlipAnswer(50_000));

        var read = await store.ReadBytesAsync("object");
        Script = FaultProxy.First(9, request => request.IsGet, new Fault.FlipAnswer(50_000));
        var fault = await Assert.ThrowsAsync<StoreCorruptionException>(() => store.ReadBytesAsync("object"));

        Assert.True(bytes.AsSpan().SequenceEqual(read));
        Assert.Contains("object", fault.Message);
    }

    [Fact]
    public async Task A_verified_download_reads_damage_again_and_never_keeps_it()
    {
        var store = await OpenAsync();
        var bytes = Bytes(20 * MiB);
        var digest = Convert.ToHexString(SHA256.HashData(bytes));
        var path = Path.Combine(Path.GetTempPath(), $"codeparrot-{Guid.NewGuid():N}");
        await store.WriteBytesAsync("object", bytes);

        Script = FaultProxy.First(1, request => request.IsGet, new Fault.FlipAnswer(50_000));
        await store.DownloadVerifiedFileAsync("object", path, digest);
        var read = await File.ReadAllBytesAsync(path);
        File.Delete(path);
        Script = request => request.IsGet ? new Fault.FlipAnswer(50_000) : null;
        var fault = await Assert.ThrowsAsync<StoreCorruptionException>(() =>
            store.DownloadVerifiedFileAsync("object", path, digest)
        );

        Assert.True(bytes.AsSpan().SequenceEqual(read));
        Assert.Contains(digest, fault.Expected);
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(path) + "*"));
    }

    private static int OffsetOf(ProxiedRequest get) =>
        get.Header("Range") is { } range ? int.Parse(range.Split('=', '-')[1], CultureInfo.InvariantCulture) : 0;
}
