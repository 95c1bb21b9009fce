using System.Security.Cryptography;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Readers;
using CodeParrot.Corpus.Secrets;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tests.Parts;

/// <summary>
/// A source whose documents have all fates (exact and near duplicates far apart, secrets, benchmarks, filters, bad
/// files, both splits), workers that build a corpus of it together, and what one worker alone makes of it.
/// </summary>
internal sealed class SharedCorpus : IDisposable
{
    public const int PieceCount = 11;

    private const int Files = 44;

    private readonly ScratchFolder _scratch = new();
    private readonly List<IObjectStore> _stores = [];

    public SharedCorpus()
    {
        Store = Open("store");
        _scratch.Write("benchmarks/ours.txt", string.Join('\n', Benchmark.Split('\n')));
    }

    public static string Benchmark { get; } = string.Join(' ', Enumerable.Range(0, 30).Select(i => $"word{i}"));

    public IObjectStore Store { get; }

    public CorpusOptions Options { get; set; } =
        new()
        {
            Filters = CorpusScenario.Lenient with { MaxBytes = 4000 },
            NearDuplicates = new NearDuplicateOptions { Permutations = 64 },
            Secrets = SecretHandling.Redact,
            ValidationFraction = 0.2,
            ShardBytes = 12_000,
            Threads = 1,
            // Four files, of about a thousand bytes each.
            PieceBytes = 4000,
        };

    public string Root => _scratch["source"];

    public string StorePath(string key) => Path.Combine(_scratch["store"], key);

    public string[] WorkFolders() => Directory.GetDirectories(_scratch.Path, "codeparrot-corpus-*");

    public SharedCorpus WithTree()
    {
        for (var i = 0; i < Files; i++)
            WithFile($"{i:D3}.py", TextOf(i));
        return this;
    }

    public SharedCorpus WithFile(string name, string text) => WithFile(name, System.Text.Encoding.UTF8.GetBytes(text));

    public SharedCorpus WithFile(string name, byte[] bytes)
    {
        _scratch.Write($"source/{name}", bytes);
        // The time of change is part of a file's version: tests that compare names need it to be the same.
        File.SetLastWriteTimeUtc(Path.Combine(Root, name), new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        return this;
    }

    /// <summary>What is in a file of the tree: every fate, and copies of files that other workers read.</summary>
    public static string TextOf(int file) =>
        (file % 11) switch
        {
            1 when file > 11 => TextOf(file - 11).Replace(" = ", "=\t", StringComparison.Ordinal),
            2 when file > 11 => TextOf(2) + $"edited = {file}\n",
            3 => Names(file) + $"token = 'gh{"p_"}{MarkedToken}'  # jane.doe@acme.org\n",
            4 when file > 22 => Names(file) + "\0",
            5 when file > 22 => Names(file) + new string('x', 4000),
            6 when file > 33 => Names(file) + Benchmark + "\n",
            _ => Names(file),
        };

    public IObjectStore Open(string name)
    {
        var store = _scratch.OpenStore(name);
        _stores.Add(store);
        return store;
    }

    /// <summary>What one worker alone makes of the source: all objects, by their names.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AloneAsync()
    {
        var store = Open($"alone-{_stores.Count}");
        await BuildAsync(Options with { WorkerCount = 1 }, store);
        return await DigestsAsync(store);
    }

    /// <summary>All objects of the shared store, by their names.</summary>
    public Task<IReadOnlyDictionary<string, string>> DigestsAsync() => DigestsAsync(Store);

    public Task<CorpusResult> BuildAsync(
        CorpusOptions? options = null,
        IObjectStore? store = null,
        TimeProvider? time = null,
        IProgress<CorpusProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => With(options, store, time, progress, builder => builder.BuildAsync(cancellationToken));

    public Task<HelpResult> HelpAsync(
        int worker,
        int workers,
        IObjectStore? store = null,
        IProgress<CorpusProgress>? progress = null
    ) =>
        With(
            Options with
            {
                WorkerIndex = worker,
                WorkerCount = workers,
            },
            store,
            null,
            progress,
            builder => builder.HelpAsync()
        );

    /// <summary>All workers at once; where one fails, none waits for its parts.</summary>
    public async Task<CorpusResult> TogetherAsync(int workers)
    {
        using var stop = new CancellationTokenSource();
        var corpus = Task.Run(() => BuildAsync(Options with { WorkerCount = workers }, cancellationToken: stop.Token));
        try
        {
            await Task.WhenAll(Enumerable.Range(1, workers - 1).Select(i => Task.Run(() => HelpAsync(i, workers))));
        }
        catch (Exception)
        {
            await stop.CancelAsync();
            await Task.WhenAny(corpus);
            throw;
        }
        return await corpus;
    }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _scratch.Dispose();
    }

    private async Task<T> With<T>(
        CorpusOptions? options,
        IObjectStore? store,
        TimeProvider? time,
        IProgress<CorpusProgress>? progress,
        Func<CorpusBuilder, Task<T>> act
    )
    {
        var clock = time ?? new InstantTime(advances: false);
        using var tree = CorpusSource.Open(new StoreOptions { Uri = Root }, clock);
        using var benchmark = CorpusSource.Open(new StoreOptions { Uri = _scratch["benchmarks/ours.txt"] }, clock);
        ISourceTree[] benchmarks = (options ?? Options).Format == CorpusFormat.Tokens ? [] : [benchmark];
        var used = (options ?? Options) with { WorkFolder = _scratch.Path };
        return await act(new CorpusBuilder(used, tree, store ?? Store, clock, progress, benchmarks));
    }

    private static async Task<IReadOnlyDictionary<string, string>> DigestsAsync(IObjectStore store)
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var found in store.ListAsync(""))
            digests[found.Key] = Convert.ToHexStringLower(SHA256.HashData(await store.ReadBytesAsync(found.Key)));
        return digests;
    }

    // 40 names that no other text has.
    private static string Names(int number) =>
        string.Concat(Enumerable.Range(0, 40).Select(i => $"name_{number}_{i} = value_{number}_{i}\n"));

    private static string MarkedToken => Secrets.MarkedText.Random40[..36];
}
