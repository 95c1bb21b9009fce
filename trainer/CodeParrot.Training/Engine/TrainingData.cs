using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus;
using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Training.Data;
using CodeParrot.Training.Data.Streaming;

namespace CodeParrot.Training.Engine;

/// <summary>What a rank trains on, and in which order.</summary>
internal sealed class TrainingData : IDisposable
{
    // A rank encodes some ten million tokens a second and core: more threads would only wait.
    private const int MaxEncoderThreads = 4;

    // Steps that a rank's batches may be ahead of the one that is computed, and one more.
    private const int KeptSteps = BatchFeed.SlotCount + 1;

    private readonly StreamedSequences? _stream;
    private readonly StepPlan _plan;

    private TrainingData(ISequenceSource sequences, SampleOrder order, string description, StepPlan plan)
    {
        Sequences = sequences;
        Order = order;
        Description = description;
        _plan = plan;
        _stream = sequences as StreamedSequences;
    }

    /// <summary>Gets the sequences; a stored corpus stays its owner's.</summary>
    public ISequenceSource Sequences { get; }

    /// <summary>Gets which sequence each sample is.</summary>
    public SampleOrder Order { get; }

    /// <summary>Gets what there is, as in "13 sequences".</summary>
    public string Description { get; }

    /// <summary>Opens what the spec's order asks for.</summary>
    /// <param name="context">The attempt.</param>
    /// <param name="corpus">The token shards; of a streamed order only what is held out.</param>
    /// <param name="length">Tokens of a sequence.</param>
    /// <param name="plan">What a step consists of.</param>
    /// <param name="state">Where a checkpoint has a streamed order go on; null to begin.</param>
    /// <exception cref="ManifestException">There is nothing to train on.</exception>
    public static TrainingData Open(
        TrainingContext context,
        TokenCorpus corpus,
        int length,
        StepPlan plan,
        StreamState? state
    )
    {
        var training = context.Manifest.Spec.Training;
        if (training.Data.Order == DataOrder.Streamed)
            return Stream(context, corpus.Manifest, length, plan, state ?? StreamState.Start);
        if (corpus.Manifest.HeldOutOnly)
        {
            throw Mistake(
                "spec.training.data.order",
                $"is {training.Data.Order}, but {context.Lineage.Tokens} was made for Streamed and holds what is held "
                    + "out alone; run the stage tokenizer again"
            );
        }
        var count = RunCorpus.RequireSequences(corpus.Train, length);
        var order = new SampleOrder(training.Data.Order, training.Seed, count);
        return new TrainingData(corpus.Train, order, $"{count:N0} sequences", plan);
    }

    /// <summary>Returns where a checkpoint goes on reading; null where any sequence is at hand.</summary>
    /// <param name="dataStep">Step of the data order that comes next.</param>
    public StreamState? StateAt(long dataStep) => _stream?.StateAt(_plan.FirstSampleOf(dataStep, 0));

    public void Dispose() => _stream?.Dispose();

    private static TrainingData Stream(
        TrainingContext context,
        TokenManifest tokens,
        int length,
        StepPlan plan,
        StreamState start
    )
    {
        var training = context.Manifest.Spec.Training;
        var manifest = Blocking.Run(() => CorpusDocuments.ReadManifestAsync(context.Store, context.Lineage.Corpus));
        var shards = manifest.ShardsOf(CorpusSplit.Train);
        if (shards.Count == 0)
            throw Mistake("spec.corpus", "must give at least one document to train on; add documents");
        var encoder = EncoderOf(context, tokens);
        var threads = Math.Clamp(context.Threads, 1, MaxEncoderThreads);
        var folder = Path.Combine(context.WorkFolder, $"stream-rank{context.Group.Rank}");
        var files = new DocumentShardFiles(context.Store, context.Lineage.Corpus, folder);
        var shardEncoder = new ShardEncoder(encoder, tokens.Kind, threads, length);
        var shardOrder = new ShardOrder(training.Seed, shards.Count);
        var window = training.Data.ShuffleBuffer!.Value;
        var sequences = new StreamedSequences(
            (cursor, stop) =>
                new BlockReader(new DocumentStream(shards, files, shardEncoder, shardOrder, cursor, stop), cursor),
            length,
            window,
            KeptSteps * plan.SamplesPerStep,
            start
        );
        return new TrainingData(
            sequences,
            new SampleOrder(DataOrder.Streamed, training.Seed, window),
            $"{manifest.DocumentsOf(CorpusSplit.Train):N0} documents, encoded while they are read, as sequences",
            plan
        );
    }

    private static IDocumentEncoder EncoderOf(TrainingContext context, TokenManifest tokens)
    {
        if (tokens.Kind == TokenKind.Sequences)
            return new ReadyMadeIds(tokens.VocabularySize);
        var encoder =
            context.NewEncoder?.Invoke()
            ?? throw Mistake("spec.tokenizer", "must name a tokenizer for the order Streamed");
        return encoder.Digest == tokens.TokenizerDigest
            ? encoder
            : throw Mistake(
                "spec.tokenizer",
                $"is another tokenizer (digest {encoder.Digest}) than the one of the held-out tokens "
                    + $"({tokens.TokenizerDigest}); run the stage tokenizer again"
            );
    }

    private static ManifestException Mistake(string path, string message) =>
        new("run.yaml", [new SpecMistake(path, message)]);
}
