using System.Diagnostics;
using System.Text;
using CodeParrot.Storage;

namespace CodeParrot.Integration.Tests.Storage;

public sealed class LocalFaultTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("codeparrot-local-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_full_disk_is_named_and_keeps_the_old_object()
    {
        await using var small = await SmallFileSystem.MountAsync(_root, "1m");
        using var store = Open();
        await store.WriteBytesAsync("object", "old"u8.ToArray());

        var fault = await Assert.ThrowsAsync<StoreFullException>(() =>
            store.WriteBytesAsync("object", new byte[2_000_000])
        );
        await Assert.ThrowsAsync<StoreFullException>(() => store.WriteBytesAsync("new", new byte[2_000_000]));

        Assert.Contains("disk is full", fault.Message);
        Assert.Equal("old", Encoding.UTF8.GetString(await store.ReadBytesAsync("object")));
        Assert.Equal(["object"], await store.ListAsync("").Select(found => found.Key).ToListAsync());
        // What did not fit takes no room.
        await store.WriteBytesAsync("fits", new byte[700_000]);
    }

    [Fact]
    public async Task Waits_for_another_process_that_holds_the_lock()
    {
        using var store = Open();
        await store.WriteBytesAsync("object", "1"u8.ToArray());
        var locks = Path.Combine(_root, StoreKey.ReservedSegment, "locks");
        var file = Assert.Single(Directory.GetFiles(locks));
        using var holder = Process.Start(
            new ProcessStartInfo("flock", ["-x", file, "sh", "-c", "echo held; cat"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());

        var writing = store.WriteBytesAsync("object", "2"u8.ToArray());
        var early = await Task.WhenAny(writing, Task.Delay(TimeSpan.FromMilliseconds(300)));
        var whileHeld = await store.ReadBytesAsync("object");
        holder.StandardInput.Close();
        await writing;

        Assert.NotSame(writing, early);
        Assert.Equal("1", Encoding.UTF8.GetString(whileHeld));
        Assert.Equal("2", Encoding.UTF8.GetString(await store.ReadBytesAsync("object")));
    }

    [Fact]
    public async Task Writers_that_share_only_the_directory_lose_no_increment()
    {
        using (var store = Open())
            await store.WriteBytesAsync("counter", new byte[] { 0 });

        // Each opens the store for itself, as a process does; only the lock files stand between them.
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => IncrementAsync(times: 20))));

        using var reader = Open();
        Assert.Equal([120], await reader.ReadBytesAsync("counter"));
    }

    [Fact]
    public async Task Gives_up_a_lock_that_is_never_released()
    {
        using var store = ObjectStores.Open(
            new StoreOptions { Uri = _root, RequestTimeout = TimeSpan.FromMilliseconds(100) },
            TimeProvider.System
        );
        await store.WriteBytesAsync("object", "1"u8.ToArray());
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_root, StoreKey.ReservedSegment, "locks")));
        await using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var fault = await Assert.ThrowsAsync<StoreUnreachableException>(() =>
            store.WriteBytesAsync("object", "2"u8.ToArray())
        );

        Assert.Contains("lock", fault.Message);
    }

    [Fact]
    public async Task Writers_do_not_mind_that_their_folder_is_emptied()
    {
        using var store = Open();

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        for (var i = 0; i < 300; i++)
                        {
                            await store.WriteBytesAsync($"deep/folder/{writer}", "x"u8.ToArray());
                            await store.DeleteAsync([$"deep/folder/{writer}"]);
                        }
                    })
                )
        );

        Assert.Empty(await store.ListAsync("").ToListAsync());
        Assert.Equal([StoreKey.ReservedSegment], Directory.GetDirectories(_root).Select(Path.GetFileName));
    }

    private async Task IncrementAsync(int times)
    {
        using var store = Open();
        while (times > 0)
        {
            var seen = (await store.FindAsync("counter"))!;
            var count = (await store.ReadBytesAsync("counter"))[0];
            try
            {
                await store.WriteBytesAsync("counter", new[] { (byte)(count + 1) }, WriteCondition.IfMatch(seen.ETag));
                times--;
            }
            catch (PreconditionFailedException)
            {
                // Another writer was first; this one counts from there.
            }
        }
    }

    private IObjectStore Open() => ObjectStores.Open(new StoreOptions { Uri = _root }, TimeProvider.System);
}
