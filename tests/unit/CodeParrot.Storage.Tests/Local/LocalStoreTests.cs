using System.Text;

namespace CodeParrot.Storage.Tests.Local;

public sealed class LocalStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("codeparrot-unit-").FullName;
    private readonly VirtualTime _time = new();
    private readonly IObjectStore _store;

    public LocalStoreTests() => _store = Open();

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Objects_are_plain_files_and_nothing_else_shows()
    {
        await _store.WriteBytesAsync("folder/object", "content"u8.ToArray());

        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(_root, "folder", "object")));
        Assert.Equal(["folder/object"], await KeysAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(_root, StoreKey.ReservedSegment, "tmp")));
    }

    [Fact]
    public async Task No_two_versions_share_a_tag_though_the_clock_stands_or_goes_back()
    {
        var tags = new List<string> { (await WriteAsync("1")).ETag, (await WriteAsync("2")).ETag };
        _time.Advance(TimeSpan.FromHours(-1));
        tags.Add((await WriteAsync("3")).ETag);
        await _store.DeleteAsync(["object"]);
        tags.Add((await WriteAsync("4")).ETag);
        using var other = Open();
        await other.DeleteAsync(["object"]);
        tags.Add((await other.WriteBytesAsync("object", "5"u8.ToArray())).ETag);

        Assert.Equal(5, tags.Distinct().Count());
    }

    [Fact]
    public async Task A_file_changed_by_hand_counts_as_another_version()
    {
        var seen = await WriteAsync("1");
        await File.WriteAllTextAsync(Path.Combine(_root, "object"), "2");

        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            _store.WriteBytesAsync("object", "3"u8.ToArray(), WriteCondition.IfMatch(seen.ETag))
        );
    }

    [Fact]
    public async Task A_failed_write_keeps_the_old_object_and_leaves_no_file()
    {
        await WriteAsync("old");
        using var content = new BrokenStream();

        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.WriteAsync("object", content));

        Assert.Equal("old", Encoding.UTF8.GetString(await _store.ReadBytesAsync("object")));
        Assert.Empty(Directory.GetFiles(Path.Combine(_root, StoreKey.ReservedSegment, "tmp")));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed_and_what_a_living_one_writes_is_not()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, StoreKey.ReservedSegment, "tmp")).FullName;
        var (abandoned, living, recent) = (
            Path.Combine(folder, "a"),
            Path.Combine(folder, "b"),
            Path.Combine(folder, "c")
        );
        foreach (var path in (string[])[abandoned, living, recent])
            await File.WriteAllTextAsync(path, "half");
        foreach (var path in (string[])[abandoned, living])
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime.AddHours(-2));
        File.SetLastWriteTimeUtc(recent, _time.GetUtcNow().UtcDateTime);
        await using var held = new FileStream(living, FileMode.Open, FileAccess.Write, FileShare.None);

        await WriteAsync("new");

        Assert.Equal([living, recent], Directory.GetFiles(folder).Order());
    }

    [Fact]
    public async Task Says_that_a_key_cannot_be_object_and_folder()
    {
        await WriteAsync("1");

        var below = await Assert.ThrowsAsync<StoreException>(() =>
            _store.WriteBytesAsync("object/below", "2"u8.ToArray())
        );
        await _store.WriteBytesAsync("folder/object", "3"u8.ToArray());
        var above = await Assert.ThrowsAsync<StoreException>(() => _store.WriteBytesAsync("folder", "4"u8.ToArray()));

        Assert.Contains("'object'", below.Message);
        Assert.Contains("folder of objects", above.Message);
        Assert.Equal(["folder/object", "object"], await KeysAsync());
        Assert.Null(await _store.FindAsync("folder"));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => _store.OpenReadAsync("folder"));
    }

    private IObjectStore Open() => ObjectStores.Open(new StoreOptions { Uri = _root }, _time);

    private Task<ObjectInfo> WriteAsync(string text) => _store.WriteBytesAsync("object", Encoding.UTF8.GetBytes(text));

    private async Task<List<string>> KeysAsync() => await _store.ListAsync("").Select(found => found.Key).ToListAsync();

    private sealed class BrokenStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            destination.Write("half"u8);
            throw new InvalidOperationException("broken");
        }
    }
}
