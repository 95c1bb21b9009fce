using System.Diagnostics;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Benchmarks.Checkpoints;

/// <summary>A process that writes a checkpoint of one object, of random bytes, as rank 0 does.</summary>
internal static class WriterProcess
{
    /// <summary>The first word of its command line.</summary>
    public const string Switch = "--writer";

    private const int MiB = 1024 * 1024;

    /// <summary>
    /// Says when its data are in memory, writes when it gets a line, and deletes what it wrote when that is measured.
    /// </summary>
    /// <param name="options">The store.</param>
    /// <param name="name">A run of its own.</param>
    /// <param name="sizeMiB">Size of the object.</param>
    public static async Task<WriterFigures> WriteAsync(StoreOptions options, string name, int sizeMiB)
    {
        var content = new byte[(long)sizeMiB * MiB];
        new Random(7).NextBytes(content);
        using var store = await ObjectStores.ConnectAsync(options, TimeProvider.System);
        var run = new RunLocation("benchmark", name);
        var self = new RunOwner(Guid.NewGuid().ToString(), Attempt: 1);
        var ownership = await RunOwnership.ClaimAsync(store, run, self, adopt: true);
        var draft = new CheckpointManifest { Name = StorePaths.CheckpointName(1, 1), Branch = "b1" };
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        var (start, before) = (Stopwatch.GetTimestamp(), CpuSeconds());
        var writer = new CheckpointWriter(store, ownership, TimeProvider.System);
        var entry = await writer.WriteAsync(
            draft,
            [new CheckpointSource("model.safetensors", () => new MemoryStream(content, writable: false))]
        );
        var figures = new WriterFigures(Stopwatch.GetElapsedTime(start).TotalSeconds, CpuSeconds() - before);
        await store.DeleteAsync([entry.ManifestKey, .. entry.Manifest.Objects.Select(o => entry.KeyOf(o.Name))]);
        return figures;
    }

    private static double CpuSeconds()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }
}
