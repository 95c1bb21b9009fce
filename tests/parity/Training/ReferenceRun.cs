using System.Text.Json;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Distributed;
using CodeParrot.Parity.Tests.Model;
using CodeParrot.Storage;
using CodeParrot.Training;

namespace CodeParrot.Parity.Tests.Training;

/// <summary>The 20 steps of train.json as a run of the whole engine, from a token corpus in a store.</summary>
internal sealed class ReferenceRun : IDisposable
{
    public const int Steps = 20;

    private const int SequenceLength = 64;
    private const string TokensPrefix = "corpora/reference/tokens-1";

    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-parity-").FullName;
    private readonly IObjectStore _store;

    private ReferenceRun()
    {
        _store = ObjectStores.Open(new StoreOptions { Uri = Path.Combine(_folder, "store") }, TimeProvider.System);
    }

    /// <summary>The checkpoint after the last step, as a Hugging Face folder.</summary>
    public string Checkpoint => Path.Combine(_folder, "store/runs/default/parity/branches/b1/step-000000020-a1");

    /// <summary>Writes the corpus.</summary>
    /// <param name="json">train.json.</param>
    /// <param name="repeats">
    /// How often each step's four sequences come in it: their mean loss and gradient are those of once.
    /// </param>
    public static async Task<ReferenceRun> CreateAsync(JsonElement json, int repeats = 1)
    {
        var run = new ReferenceRun();
        var options = new TokenCorpusOptions
        {
            VocabularySize = 640,
            Kind = TokenKind.Sequences,
            WorkFolder = run._folder,
        };
        using var writer = new TokenCorpusWriter(run._store, TokensPrefix, options);
        var batches = json.GetProperty("batches").EnumerateArray();
        var repeated = batches.SelectMany(batch => Enumerable.Repeat(batch, repeats));
        foreach (var row in repeated.SelectMany(batch => batch.EnumerateArray()))
        {
            await writer.AddAsync(CorpusSplit.Train, Ids(row));
        }
        foreach (var row in json.GetProperty("eval_batch").EnumerateArray())
        {
            await writer.AddAsync(CorpusSplit.Validation, Ids(row));
        }
        await writer.CompleteAsync();
        return run;
    }

    /// <summary>Trains and returns the rows of metrics.jsonl.</summary>
    public async Task<JsonElement[]> TrainAsync(int worldSize, RunSpec spec, int? headChunkRows = null)
    {
        Ranks.Run(
            worldSize,
            group =>
                TrainingEngine.Run(
                    ContextOf(group, spec) with
                    {
                        HeadChunkRows = headChunkRows,
                    },
                    CancellationToken.None
                )
        );
        var lines = await _store.ReadBytesAsync("runs/default/parity/metrics.jsonl");
        return
        [
            .. System
                .Text.Encoding.UTF8.GetString(lines)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
    }

    /// <summary>The reference's recipe, its four sequences a step divided in some way.</summary>
    public static RunSpec Spec(int count, int accumulation, int batchSize) =>
        new()
        {
            Corpus = new CorpusSpec
            {
                Source = new CorpusSourceSpec { Uri = "reference", Format = SourceFormat.Tokens },
            },
            Model = new ModelSpec
            {
                From = Reference.Folder,
                ContextLength = SequenceLength,
                Dropout = 0,
            },
            Training = new TrainingSpec
            {
                BatchSize = batchSize,
                GradientAccumulation = accumulation,
                MaxSteps = Steps,
                LearningRate = 4e-3,
                Schedule = new ScheduleSpec { WarmupSteps = 5 },
                Precision = Precision.Fp32,
                Data = new DataSpec { Order = DataOrder.Sequential },
            },
            Evaluation = new EvaluationSpec { EverySteps = 1 },
            Workers = new WorkersSpec { Count = count },
        };

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int[] Ids(JsonElement row) => [.. row.EnumerateArray().Select(id => id.GetInt32())];

    private TrainingContext ContextOf(IProcessGroup group, RunSpec spec) =>
        new()
        {
            Manifest = new RunManifest
            {
                Metadata = new RunMetadata { Name = "parity" },
                Spec = spec,
            },
            RunUid = "parity",
            Attempt = 1,
            Branch = "b1",
            Store = _store,
            OpenStore = uri => ObjectStores.Open(new StoreOptions { Uri = uri }, TimeProvider.System),
            Group = group,
            WorkFolder = Path.Combine(_folder, "work"),
            Lineage = new RunLineage { Tokens = TokensPrefix },
            // Bf16 is what it says here, however slow.
            HasFastBf16 = true,
            Observer = new SilentObserver(),
        };
}
