using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

/// <summary>What every store promises, in one place; each implementation runs all of it.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-files-").FullName;
    private IObjectStore? _store;

    private IObjectStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await OpenStoreAsync();

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Has_nothing_where_nothing_was_written()
    {
        Assert.Null(await Store.FindAsync("absent"));
        Assert.Empty(await KeysAsync(""));
        await Store.DeleteAsync(["absent", "folder/absent"]);

        var missing = await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.OpenReadAsync("absent"));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.OpenReadAsync("absent", 5, 5));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.OpenReadAsync("absent", 0, 0));

        Assert.Equal("absent", missing.Key);
        Assert.Contains(Store.Location.UriOf("absent"), missing.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_001)]
    [InlineData(5 * MiB)]
    [InlineData(11 * MiB + 3)]
    public async Task Returns_what_was_written(int size)
    {
        var bytes = Bytes(size, seed: size);

        var written = await Store.WriteBytesAsync("folder/some object", bytes);
        var read = await Store.ReadBytesAsync("folder/some object");
        var found = await Store.FindAsync("folder/some object");

        Assert.True(bytes.AsSpan().SequenceEqual(read));
        Assert.Equal((written.Key, (long)size, written.ETag), (found!.Key, found.SizeBytes, found.ETag));
        Assert.InRange(found.ModifiedAt, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task Writes_a_stream_from_its_position_and_leaves_it_open()
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes("skipped, kept")) { Position = 9 };

        await Store.WriteAsync("object", content);

        Assert.Equal("kept", Encoding.UTF8.GetString(await Store.ReadBytesAsync("object")));
        Assert.True(content.CanRead);
    }

    [Theory]
    [InlineData(0L, 3L, "012")]
    [InlineData(4L, 3L, "456")]
    [InlineData(7L, null, "789")]
    [InlineData(7L, 100L, "789")]
    [InlineData(3L, 0L, "")]
    [InlineData(10L, null, "")]
    [InlineData(99L, 5L, "")]
    public async Task Reads_ranges_and_nothing_past_the_end(long offset, long? length, string expected)
    {
        await Store.WriteBytesAsync("digits", "0123456789"u8.ToArray());

        await using var content = await Store.OpenReadAsync("digits", offset, length);
        using var reader = new StreamReader(content);

        Assert.Equal(expected, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Reads_synchronously_too()
    {
        await Store.WriteBytesAsync("digits", "0123456789"u8.ToArray());

        await using var content = await Store.OpenReadAsync("digits", 2, 5);
        var buffer = new byte[10];
#pragma warning disable VSTHRD103 // The synchronous read is what is tested.
        var read = content.ReadAtLeast(buffer, 10, throwOnEndOfStream: false);
#pragma warning restore VSTHRD103

        Assert.Equal("23456", Encoding.UTF8.GetString(buffer, 0, read));
    }

    [Fact]
    public async Task Shows_a_reader_one_version_only()
    {
        var old = Bytes(9 * MiB, seed: 1);
        await Store.WriteBytesAsync("object", old);

        await using var content = await Store.OpenReadAsync("object");
        var read = new byte[old.Length];
        await content.ReadExactlyAsync(read.AsMemory(0, 1000));
        await Store.WriteBytesAsync("object", Bytes(9 * MiB, seed: 2));
        try
        {
            await content.ReadExactlyAsync(read.AsMemory(1000));
        }
        catch (PreconditionFailedException)
        {
            return;
        }

        Assert.True(old.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public async Task Tags_change_with_each_version_and_agree_everywhere()
    {
        var first = await Store.WriteBytesAsync("object", "first"u8.ToArray());
        var second = await Store.WriteBytesAsync("object", "other"u8.ToArray());
        var found = await Store.FindAsync("object");
        var listed = Assert.Single(await ListAsync("object"));

        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal([second.ETag, second.ETag], [found!.ETag, listed.ETag]);
        Assert.DoesNotContain("\"", second.ETag);
    }

    [Fact]
    public async Task Creates_only_where_nothing_is()
    {
        await Store.WriteBytesAsync("object", "first"u8.ToArray(), WriteCondition.IfAbsent);

        var lost = await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            Store.WriteBytesAsync("object", "second"u8.ToArray(), WriteCondition.IfAbsent)
        );

        Assert.Equal("object", lost.Key);
        Assert.Equal("first", Encoding.UTF8.GetString(await Store.ReadBytesAsync("object")));
        Assert.True(Store.HasConditionalWrites);
    }

    [Fact]
    public async Task Conditions_hold_for_large_objects_too()
    {
        var first = Bytes(11 * MiB, seed: 1);
        var written = await Store.WriteBytesAsync("object", first, WriteCondition.IfAbsent);

        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            Store.WriteBytesAsync("object", Bytes(11 * MiB, seed: 2), WriteCondition.IfAbsent)
        );
        var read = await Store.ReadBytesAsync("object");

        Assert.True(first.AsSpan().SequenceEqual(read));
        Assert.Equal(written.ETag, (await Store.FindAsync("object"))!.ETag);
    }

    [Fact]
    public async Task Lets_one_of_many_creators_win()
    {
        var wins = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => WinsAsync([(byte)i], WriteCondition.IfAbsent))
        );

        var winner = Assert.Single(Enumerable.Range(0, 16), i => wins[i]);
        Assert.Equal([(byte)winner], await Store.ReadBytesAsync("contested"));
    }

    [Fact]
    public async Task Replaces_only_the_version_that_was_seen()
    {
        var first = await Store.WriteBytesAsync("object", "1"u8.ToArray());
        var second = await Store.WriteBytesAsync("object", "2"u8.ToArray(), WriteCondition.IfMatch(first.ETag));
        var third = await Store.WriteBytesAsync(
            "object",
            "3"u8.ToArray(),
            WriteCondition.IfMatch($"\"{second.ETag}\"")
        );

        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            Store.WriteBytesAsync("object", "4"u8.ToArray(), WriteCondition.IfMatch(first.ETag))
        );
        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            Store.WriteBytesAsync("absent", "4"u8.ToArray(), WriteCondition.IfMatch(third.ETag))
        );

        Assert.Equal("3", Encoding.UTF8.GetString(await Store.ReadBytesAsync("object")));
        Assert.Null(await Store.FindAsync("absent"));
    }

    [Fact]
    public async Task Loses_no_increment_of_a_counter()
    {
        await Store.WriteBytesAsync("counter", new byte[] { 0 });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => IncrementAsync(times: 5)));

        Assert.Equal([20], await Store.ReadBytesAsync("counter"));
    }

    [Fact]
    public async Task Lists_keys_by_prefix_in_the_order_of_their_bytes()
    {
        // 'a-b' comes before 'a/b', and a pair of surrogates after the private use area.
        string[] keys = ["a-b", "a/b/c", "a/b/d", "a0", "b/é", "b/\uE000", "b/\U0001F600", "ba"];
        foreach (var key in keys.Reverse())
            await Store.WriteBytesAsync(key, "x"u8.ToArray());

        Assert.Equal(keys, await KeysAsync(""));
        Assert.Equal(keys[..4], await KeysAsync("a"));
        Assert.Equal(["a/b/c", "a/b/d"], await KeysAsync("a/"));
        Assert.Equal(["a/b/d"], await KeysAsync("a/b/d"));
        Assert.Empty(await KeysAsync("nothing/here"));
    }

    [Fact]
    public async Task Deletes_what_is_named_and_nothing_else()
    {
        foreach (var key in (string[])["folder/a", "folder/b", "folder/c", "c"])
            await Store.WriteBytesAsync(key, "x"u8.ToArray());

        await Store.DeleteAsync(["folder/a", "folder/b", "folder/b", "absent"]);

        Assert.Equal(["c", "folder/c"], await KeysAsync(""));
        Assert.Null(await Store.FindAsync("folder/a"));
        await Store.WriteBytesAsync("folder/a", "x"u8.ToArray(), WriteCondition.IfAbsent);
    }

    [Fact]
    public async Task A_folder_whose_objects_are_gone_is_gone()
    {
        await Store.WriteBytesAsync("folder/deep/a", "x"u8.ToArray());
        await Store.WriteBytesAsync("other/b", "x"u8.ToArray());

        await Store.DeleteAsync(["folder/deep/a"]);
        await Store.WriteBytesAsync("folder", "x"u8.ToArray());

        Assert.Equal(["folder", "other/b"], await KeysAsync(""));
    }

    [Fact]
    public async Task A_view_sees_what_lies_below_its_prefix()
    {
        var view = Store.At("runs/one/");
        await Store.WriteBytesAsync("runs/other", "x"u8.ToArray());

        var written = await view.WriteBytesAsync("step/manifest.json", "{}"u8.ToArray());
        view.Dispose();

        Assert.Equal("step/manifest.json", written.Key);
        Assert.Equal(["step/manifest.json"], await KeysAsync("", view));
        Assert.Equal(2, (await Store.FindAsync("runs/one/step/manifest.json"))!.SizeBytes);
        Assert.Equal(Store.Location.UriOf("runs/one"), view.Location.ToString());
        await view.DeleteAsync(["step/manifest.json"]);
        Assert.Equal(["runs/other"], await KeysAsync(""));
    }

    [Fact]
    public async Task Json_comes_back_or_is_named_corrupt()
    {
        await Store.WriteJsonAsync("good.json", new Point(1, 2), JsonSerializerOptions.Web);
        await Store.WriteBytesAsync("bad.json", "{\"x\": "u8.ToArray());

        var good = await Store.ReadJsonAsync<Point>("good.json", JsonSerializerOptions.Web);
        var bad = await Assert.ThrowsAsync<StoreCorruptionException>(() => Store.ReadJsonAsync<Point>("bad.json"));

        Assert.Equal(new Point(1, 2), good);
        Assert.Equal("bad.json", bad.Key);
        Assert.Equal("{\"x\":1,\"y\":2}", Encoding.UTF8.GetString(await Store.ReadBytesAsync("good.json")));
    }

    [Fact]
    public async Task Files_travel_whole_in_both_directions()
    {
        var source = Path.Combine(_folder, "source");
        var target = Path.Combine(_folder, "new folder", "target");
        await File.WriteAllBytesAsync(source, Bytes(37 * MiB + 11, seed: 3));

        await Store.UploadFileAsync("big", source);
        var read = await Store.DownloadFileAsync("big", target);

        Assert.Equal(37 * MiB + 11, read.SizeBytes);
        Assert.Equal(await HashAsync(source), await HashAsync(target));
        Assert.Equal(["target"], Directory.GetFiles(Path.GetDirectoryName(target)!).Select(Path.GetFileName));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.DownloadFileAsync("absent", source));
        Assert.True(File.Exists(source));
    }

    [Fact]
    public async Task A_cancelled_write_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.WriteBytesAsync("object", Bytes(6 * MiB, 1), cancellationToken: cancelled.Token)
        );

        Assert.Empty(await KeysAsync(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\0b")]
    [InlineData(".codeparrot-store/locks/00")]
    public async Task Refuses_keys_that_name_no_object(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FindAsync(key));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenReadAsync(key));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.WriteBytesAsync(key, "x"u8.ToArray()));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync([key]));
    }

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<IObjectStore> OpenStoreAsync();

    private static byte[] Bytes(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task<string> HashAsync(string path) =>
        Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(path)));

    private async Task<bool> WinsAsync(byte[] content, WriteCondition condition)
    {
        try
        {
            await Store.WriteBytesAsync("contested", content, condition);
            return true;
        }
        catch (PreconditionFailedException)
        {
            return false;
        }
    }

    private async Task IncrementAsync(int times)
    {
        while (times > 0)
        {
            var seen = (await Store.FindAsync("counter"))!;
            var count = (await Store.ReadBytesAsync("counter"))[0];
            try
            {
                await Store.WriteBytesAsync("counter", new[] { (byte)(count + 1) }, WriteCondition.IfMatch(seen.ETag));
                times--;
            }
            catch (PreconditionFailedException)
            {
                // Another writer was first; this one counts from there.
            }
        }
    }

    private Task<List<ObjectInfo>> ListAsync(string prefix) => Store.ListAsync(prefix).ToListAsync().AsTask();

    private Task<List<string>> KeysAsync(string prefix, IObjectStore? store = null) =>
        (store ?? Store).ListAsync(prefix).Select(found => found.Key).ToListAsync().AsTask();

    private sealed record Point(int X, int Y);
}
