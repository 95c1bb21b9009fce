using System.Text.Json.Nodes;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Distributed;
using CodeParrot.Storage;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>
/// A run on a store in a folder of its own: 13 sequences of 16 invented tokens to train on and 3 held out, a model of
/// one block 16 wide, six steps of two micro-batches of two sequences.
/// </summary>
internal sealed class TestRun : IDisposable
{
    public const int ContextLength = 16;
    public const int VocabularySize = 64;
    public const int MaxSteps = 6;

    private const string TokensPrefix = "corpora/c1/tokens-t1";
    private const string TokenizerPrefix = "tokenizers/t1";

    // What a metrics line says of how fast and when.
    private static readonly string[] Fleeting =
    [
        "tokens_per_second",
        "mfu",
        "step_seconds",
        "data_wait_seconds",
        "goodput",
        "peak_memory_bytes",
        "time",
    ];

    private readonly string _folder;
    private readonly bool _isOwner;

    public TestRun(int trainSequences = 13, TokenKind kind = TokenKind.Sequences)
        : this(Directory.CreateTempSubdirectory("codeparrot-training-").FullName, isOwner: true)
    {
        Blocking.Run(() => WriteCorpusAsync(trainSequences, kind));
    }

    /// <summary>Opens the run of another process.</summary>
    /// <param name="folder">The other's folder.</param>
    /// <param name="isOwner">True deletes the folder in the end.</param>
    public TestRun(string folder, bool isOwner)
    {
        _folder = folder;
        _isOwner = isOwner;
        Store = ObjectStores.Open(new StoreOptions { Uri = StoreFolder }, TimeProvider.System);
    }

    /// <summary>A run with a checkpoint after each step, of which two are kept.</summary>
    public static TestRun ThatKeepsTwo()
    {
        var run = new TestRun();
        run.Spec = run.Spec with
        {
            Checkpoints = new CheckpointsSpec
            {
                EverySteps = 1,
                Keep = new RetentionSpec
                {
                    Last = 2,
                    EverySteps = 0,
                    Best = 0,
                },
            },
        };
        return run;
    }

    public string Folder => _folder;

    public IObjectStore Store { get; }

    public RecordingObserver Observer { get; private set; } = new();

    public string StoreFolder => Path.Combine(_folder, "store");

    public static string RunPrefix => StorePaths.Run("default", "test");

    public string WorkFolder => Path.Combine(_folder, "work");

    /// <summary>Changes the spec that runs begin with.</summary>
    public RunSpec Spec { get; set; } =
        new()
        {
            Corpus = new CorpusSpec { Source = new CorpusSourceSpec { Uri = "invented" } },
            Model = new ModelSpec
            {
                Layers = 1,
                Heads = 2,
                Width = 16,
                ContextLength = ContextLength,
                VocabularySize = VocabularySize,
                Dropout = 0,
            },
            Training = new TrainingSpec
            {
                BatchSize = 2,
                GradientAccumulation = 2,
                MaxSteps = MaxSteps,
                LearningRate = 1e-2,
                Precision = Contract.Spec.Precision.Fp32,
                Schedule = new ScheduleSpec { WarmupSteps = 1 },
            },
            Evaluation = new EvaluationSpec { EverySteps = 2 },
            Checkpoints = new CheckpointsSpec { EverySteps = 100 },
        };

    /// <summary>
    /// Lets the engine run an attempt to its end; <paramref name="stopAfter"/> stops it after that step.
    /// </summary>
    public TrainingResult Train(
        int attempt = 1,
        int worldSize = 1,
        long stopAfter = long.MaxValue,
        Func<TrainingContext, TrainingContext>? change = null,
        CancellationToken cancellationToken = default
    )
    {
        Observer = new RecordingObserver();
        if (Directory.Exists(WorkFolder))
        {
            Directory.Delete(WorkFolder, recursive: true);
        }
        return Ranks.Run(
            worldSize,
            group =>
            {
                var context = ContextOf(group, attempt, stopAfter);
                return TrainingEngine.Run(change?.Invoke(context) ?? context, cancellationToken);
            }
        )[0];
    }

    /// <summary>Lets the engine run and returns what each rank threw.</summary>
    public Exception?[] Catch(int worldSize, Func<TrainingContext, TrainingContext> change) =>
        Ranks.Catch(
            worldSize,
            group => TrainingEngine.Run(change(ContextOf(group, 1, long.MaxValue)), CancellationToken.None)
        );

    /// <summary>Reads metrics.jsonl from the store.</summary>
    public IReadOnlyList<string> Metrics() =>
        Text($"{RunPrefix}/metrics.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Opens the token shards that runs train on; the caller disposes them.</summary>
    public TokenCorpus OpenCorpus() =>
        TokenCorpus.Open(
            Blocking.Run(() =>
                TokenCorpusCache.FetchAsync(
                    Store,
                    TokensPrefix,
                    Path.Combine(_folder, "opened"),
                    CancellationToken.None
                )
            )
        );

    /// <summary>Reads one value of those lines of metrics.jsonl that have it.</summary>
    public IReadOnlyList<double> Rows(string name) =>
        [
            .. Metrics()
                .Select(line => JsonNode.Parse(line)!.AsObject()[name])
                .Where(value => value is not null)
                .Select(value => value!.GetValue<double>()),
        ];

    /// <summary>Reads metrics.jsonl without how fast and when.</summary>
    public IReadOnlyList<string> ComparableMetrics() =>
        [
            .. Metrics()
                .Select(line =>
                {
                    var row = JsonNode.Parse(line)!.AsObject();
                    Assert.All(Fleeting, name => Assert.True(row.Remove(name)));
                    row.Remove("straggler_rank");
                    row.Remove("straggler_ratio");
                    row.Remove("checkpoint_pause_seconds");
                    return row.ToJsonString();
                }),
        ];

    /// <summary>Reads an object.</summary>
    public byte[] Bytes(string key) => Blocking.Run(() => Store.ReadBytesAsync(key));

    /// <summary>Lists the keys below a prefix.</summary>
    public IReadOnlyList<string> Keys(string prefix) =>
        Blocking.Run(async () => await Store.ListAsync(prefix).Select(o => o.Key).ToListAsync());

    public void Dispose()
    {
        Store.Dispose();
        if (_isOwner)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string Text(string key) => System.Text.Encoding.UTF8.GetString(Bytes(key));

    /// <summary>Returns what a rank is given.</summary>
    public TrainingContext ContextOf(IProcessGroup group, int attempt, long stopAfter)
    {
        var observer = group.Rank == 0 ? Observer : new RecordingObserver();
        return new TrainingContext
        {
            Manifest = new RunManifest
            {
                ApiVersion = RunManifest.CurrentApiVersion,
                Kind = RunManifest.CurrentKind,
                Metadata = new RunMetadata { Name = "test" },
                Spec = Spec,
            },
            RunUid = "uid-1",
            Attempt = attempt,
            Branch = "b1",
            Store = Store,
            OpenStore = uri => ObjectStores.Open(new StoreOptions { Uri = uri }, TimeProvider.System),
            Group = group,
            WorkFolder = WorkFolder,
            Lineage = new RunLineage
            {
                Corpus = "corpora/c1",
                Tokens = TokensPrefix,
                Tokenizer = TokenizerPrefix,
            },
            // Bf16 is what it says here, however slow.
            HasFastBf16 = true,
            Observer = observer,
            // Only rank 0 is told: that all of them stop is the engine's own doing. The vote falls before the step
            // counts.
            StopRequested = () => group.Rank == 0 && StepOf(observer) + 1 >= stopAfter,
        };
    }

    private static long StepOf(RecordingObserver observer) =>
        observer.Steps.Count > 0 ? observer.Steps[^1].Step : observer.Progresses[^1].Step;

    private async Task<bool> WriteCorpusAsync(int trainSequences, TokenKind kind)
    {
        var options = new TokenCorpusOptions
        {
            VocabularySize = VocabularySize,
            Kind = kind,
            // A tokenizer's special tokens are only known of text.
            SpecialTokens =
                kind == TokenKind.Documents
                    ? new Dictionary<string, int>
                    {
                        ["<mask>"] = 61,
                        ["<extra_id_0>"] = 62,
                        ["<extra_id_1>"] = 63,
                    }
                    : new Dictionary<string, int>(),
            WorkFolder = _folder,
        };
        using var writer = new TokenCorpusWriter(Store, TokensPrefix, options);
        var random = new Random(7);
        for (var i = 0; i < trainSequences + 3; i++)
        {
            // Runs of neighbouring ids, so that there is something to learn.
            var start = random.Next(VocabularySize);
            var size = kind == TokenKind.Documents ? VocabularySize - 3 : VocabularySize;
            var ids = Enumerable.Range(start, ContextLength).Select(id => id % size).ToArray();
            await writer.AddAsync(i < trainSequences ? CorpusSplit.Train : CorpusSplit.Validation, ids);
        }
        await writer.CompleteAsync();
        await Store.WriteBytesAsync($"{TokenizerPrefix}/tokenizer.json", "{}"u8.ToArray());
        return true;
    }
}
