using CodeParrot.Benchmarks.Model;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Storage;

namespace CodeParrot.Benchmarks.Distributed;

/// <summary>
/// Random tokens in a store in a folder of its own: how fast a model is does not depend on what it reads.
/// </summary>
internal sealed class RandomCorpus : IDisposable
{
    /// <summary>Where the tokens lie below the store's folder.</summary>
    public const string Prefix = "corpora/random/tokens";

    private const int Sequences = 32;
    private const int Endless = 1_000_000;

    /// <summary>Writes the corpus.</summary>
    public RandomCorpus(StepShape shape)
    {
#pragma warning disable VSTHRD002 // A console program's only thread, with nobody else to wait for.
        Task.Run(() => WriteAsync(shape)).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    /// <summary>The store's folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("codeparrot-ranks-").FullName;

    /// <summary>A run of two ranks on such a corpus, with no end, checkpoint or evaluation in sight.</summary>
    public static RunSpec RunOn(StepShape shape) =>
        new()
        {
            Corpus = new CorpusSpec
            {
                Source = new CorpusSourceSpec { Uri = "random", Format = SourceFormat.Tokens },
            },
            Model = new ModelSpec
            {
                Layers = shape.Config.Layers,
                Heads = shape.Config.Heads,
                Width = shape.Config.Width,
                ContextLength = shape.Time,
                VocabularySize = shape.Config.VocabularySize,
                Dropout = 0,
            },
            Training = new TrainingSpec
            {
                BatchSize = shape.Batch,
                MaxSteps = Endless,
                Precision = Contract.Spec.Precision.Fp32,
            },
            Evaluation = new EvaluationSpec { EverySteps = 0 },
            Checkpoints = new CheckpointsSpec { EverySteps = Endless },
            Workers = new WorkersSpec { Count = 2 },
        };

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task WriteAsync(StepShape shape)
    {
        using var store = ObjectStores.Open(new StoreOptions { Uri = Folder }, TimeProvider.System);
        var options = new TokenCorpusOptions
        {
            VocabularySize = shape.Config.VocabularySize,
            Kind = TokenKind.Sequences,
            WorkFolder = Folder,
        };
        using var writer = new TokenCorpusWriter(store, Prefix, options);
        var random = new Random(7);
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            var ids = Enumerable.Range(0, shape.Time).Select(_ => random.Next(shape.Config.VocabularySize));
            await writer.AddAsync(CorpusSplit.Train, ids.ToArray());
        }

        await writer.CompleteAsync();
    }
}
