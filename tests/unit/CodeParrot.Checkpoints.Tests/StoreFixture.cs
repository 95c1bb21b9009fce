using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints.Tests;

/// <summary>A local store with one run, in a folder of its own.</summary>
internal sealed class StoreFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-checkpoints-").FullName;

    public StoreFixture()
    {
        Store = ObjectStores.Open(new StoreOptions { Uri = _folder }, TimeProvider.System);
    }

    public IObjectStore Store { get; }

    public RunLocation Run { get; } = new("research", "small");

    public string OwnerFile => Path.Combine(_folder, Run.OwnerKey);

    public List<CheckpointCorruptException> Damaged { get; } = [];

    public CheckpointCatalog Catalog => new(Store, Run, Damaged.Add);

    public Task<RunOwnership> ClaimAsync(
        int attempt = 1,
        string uid = "uid-1",
        bool adopt = false,
        int generation = 0
    ) => RunOwnership.ClaimAsync(Store, Run, new RunOwner(uid, attempt, generation), adopt);

    /// <summary>Writes a checkpoint of two objects.</summary>
    public async Task<CheckpointEntry> WriteAsync(
        long step,
        string branch = "b1",
        int attempt = 1,
        double? evalLoss = null,
        string parent = ""
    )
    {
        var ownership = await ClaimAsync(attempt);
        var draft = Draft(step, branch, attempt) with { EvalLoss = evalLoss, Parent = parent };
        return await new CheckpointWriter(Store, ownership, TimeProvider.System).WriteAsync(draft, Sources(step));
    }

    public static CheckpointManifest Draft(long step, string branch = "b1", int attempt = 1) =>
        new()
        {
            Name = StorePaths.CheckpointName(step, attempt),
            Branch = branch,
            Step = step,
        };

    public static CheckpointSource[] Sources(long step) =>
        [
            CheckpointSource.OfBytes("model.safetensors", [.. Enumerable.Range(0, 1000).Select(i => (byte)(i + step))]),
            CheckpointSource.OfBytes("state.json", "{}"u8.ToArray()),
        ];

    /// <summary>Deletes by rules, with the newest claim.</summary>
    public async Task<string[]> RetainAsync(RetentionSpec keep, int attempt = 1, string? rollbackTarget = null)
    {
        var retention = new Retention(Store, await ClaimAsync(attempt), keep);
        return [.. (await retention.ApplyAsync(rollbackTarget)).Select(e => e.Reference)];
    }

    /// <summary>Changes one byte of an object in the middle, as a rotten disk does.</summary>
    public async Task RotAsync(string key)
    {
        var bytes = await Store.ReadBytesAsync(key);
        bytes[bytes.Length / 2] ^= 1;
        await Store.WriteBytesAsync(key, bytes);
    }

    /// <summary>Writes a checkpoint as a later version may, of which this one knows nothing else.</summary>
    public async Task<string> WriteNewerAsync(long step, string branch = "b1")
    {
        var key = $"{Run.CheckpointPrefix($"{branch}/{StorePaths.CheckpointName(step, 1)}")}/manifest.json";
        await Store.WriteBytesAsync(key, "{ \"formatVersion\": 2, \"step\": { \"of\": 3 } }"u8.ToArray());
        return key;
    }

    public async Task<string[]> KeysAsync(string prefix = "") =>
        await Store.ListAsync(prefix).Select(o => o.Key).ToArrayAsync();

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
