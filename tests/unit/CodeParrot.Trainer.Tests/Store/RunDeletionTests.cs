using CodeParrot.Checkpoints;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;
using CodeParrot.Trainer.Store;

namespace CodeParrot.Trainer.Tests.Store;

public sealed class RunDeletionTests : IDisposable
{
    private static readonly RunLocation Run = new("research", "small");
    private static readonly RunLocation Other = new("research", "small-2");

    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-deletion-").FullName;
    private readonly IObjectStore _store;

    public RunDeletionTests()
    {
        _store = ObjectStores.Open(new StoreOptions { Uri = _folder }, TimeProvider.System);
    }

    [Fact]
    public async Task Deletes_what_is_the_run_s_and_nothing_else()
    {
        await WriteAsync(Run, "uid-1");
        var other = await WriteAsync(Other, "uid-2");
        await _store.WriteBytesAsync("corpora/abc/corpus.json", new byte[] { 1 });

        var done = await DeleteAsync("uid-1");

        var left = await KeysAsync();
        Assert.Equal(["corpora/abc/corpus.json", .. other], left);
        Assert.Contains("research/small", done.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_alone_what_a_run_of_another_uid_owns()
    {
        var keys = await WriteAsync(Run, "uid-2");

        var done = await DeleteAsync("uid-1");

        Assert.Equal(keys, await KeysAsync());
        Assert.Contains("uid-2", done.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_the_refs_that_name_its_checkpoints_with_it()
    {
        await WriteAsync(Run, "uid-1");
        var entry = Assert.Single(await new CheckpointCatalog(_store, Run).ListAsync());
        await new RunStore(_store, Run).PromoteAsync(entry, TimeProvider.System, default);

        await DeleteAsync("uid-1");

        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task Leaves_main_where_it_names_another_run_s_checkpoint()
    {
        await WriteAsync(Run, "uid-1");
        await WriteAsync(Other, "uid-2");
        var entry = Assert.Single(await new CheckpointCatalog(_store, Other).ListAsync());
        await new RunStore(_store, Other).PromoteAsync(entry, TimeProvider.System, default);

        await DeleteAsync("uid-1");

        Assert.Contains(StorePaths.MainRef, await KeysAsync());
    }

    [Fact]
    public async Task A_second_time_finds_nothing_to_do()
    {
        await WriteAsync(Run, "uid-1");
        await DeleteAsync("uid-1");

        await DeleteAsync("uid-1");

        Assert.Empty(await KeysAsync());
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<StoreTask> DeleteAsync(string uid) =>
        new RunDeletion(_store, Run, TimeProvider.System).RunAsync(uid, default);

    private async Task<string[]> WriteAsync(RunLocation run, string uid)
    {
        var ownership = await RunOwnership.ClaimAsync(_store, run, new RunOwner(uid, 1));
        var draft = new CheckpointManifest
        {
            Name = StorePaths.CheckpointName(5, 1),
            Branch = "b1",
            Step = 5,
        };
        await new CheckpointWriter(_store, ownership, TimeProvider.System).WriteAsync(
            draft,
            [CheckpointSource.OfBytes("state.json", "{}"u8.ToArray())]
        );
        return await _store.ListAsync(run.Prefix + "/").Select(o => o.Key).Order().ToArrayAsync();
    }

    private async Task<string[]> KeysAsync() => await _store.ListAsync("").Select(o => o.Key).Order().ToArrayAsync();
}
