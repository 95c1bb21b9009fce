using System.Diagnostics;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Distributed;
using CodeParrot.Training;

namespace CodeParrot.Benchmarks.Data;

/// <summary>A run of one rank, from the tokens of its corpus to its last step.</summary>
internal sealed class MeasuredRun : ITrainingObserver
{
    private const int Time = 1024;

    private readonly long _start = TimeProvider.System.GetTimestamp();

    /// <summary>Until the token shards that the order needs are there.</summary>
    public double StageSeconds { get; private set; }

    /// <summary>Until the first step is done, the stage before it included.</summary>
    public double FirstStepSeconds { get; private set; }

    public double CpuSeconds { get; private set; }

    public long ShardBytes { get; private set; }

    public AttemptSummary Summary { get; private set; } = null!;

    public static async Task<MeasuredRun> TrainAsync(DataInputs inputs, DataOrder order, int steps)
    {
        var folder = Directory.CreateDirectory(Path.Combine(inputs.Folder, Guid.NewGuid().ToString("N"))).FullName;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var run = new MeasuredRun();
        var options = new EncoderOptions
        {
            HeldOutOnly = order == DataOrder.Streamed,
            WorkFolder = folder,
            // Another size makes another name: what the round before wrote is not found.
            ShardTokens = (8 << 20) + Random.Shared.Next(1 << 20),
        };
        var tokens = await CorpusEncoder.EncodeAsync(inputs.Store, inputs.Lineage.Corpus, inputs.Encoder, options);
        run.StageSeconds = run.Elapsed;
        run.ShardBytes = tokens.Manifest.Train.Sum(shard => shard.SizeBytes);
        using var group = new SingleProcessGroup();
        TrainingEngine.Run(
            new TrainingContext
            {
                Manifest = new RunManifest
                {
                    Metadata = new RunMetadata { Name = Path.GetFileName(folder) },
                    Spec = SpecOf(order, steps),
                },
                RunUid = "benchmark",
                Attempt = 1,
                Branch = "b1",
                Store = inputs.Store,
                OpenStore = _ => throw new NotSupportedException(),
                Group = group,
                WorkFolder = folder,
                Lineage = inputs.Lineage with { Tokens = tokens.Prefix },
                NewEncoder = () => inputs.Encoder,
                Threads = 1,
                Observer = run,
            },
            CancellationToken.None
        );
        run.CpuSeconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        return run;
    }

    public void StepFinished(in StepFacts facts)
    {
        if (facts.Step == 1)
        {
            FirstStepSeconds = Elapsed;
        }
    }

    void ITrainingObserver.Summary(AttemptSummary summary) => Summary = summary;

    public void Progress(RunProgress progress) { }

    public void Information(string message) { }

    public void Warning(string message) { }

    public void CheckpointCommitted(CheckpointSummary checkpoint) { }

    private double Elapsed => TimeProvider.System.GetElapsedTime(_start).TotalSeconds;

    // Small, so that data is asked for often.
    private static RunSpec SpecOf(DataOrder order, int steps) =>
        new()
        {
            Corpus = new CorpusSpec { Source = new CorpusSourceSpec { Uri = "python" } },
            Model = new ModelSpec
            {
                Layers = 2,
                Heads = 2,
                Width = 64,
                ContextLength = Time,
                VocabularySize = 32768,
                Dropout = 0,
            },
            Training = new TrainingSpec
            {
                BatchSize = 4,
                MaxSteps = steps,
                Precision = Precision.Fp32,
                Data = new DataSpec { Order = order },
            },
            Evaluation = new EvaluationSpec { EverySteps = 0, MaxSteps = 1 },
            Checkpoints = new CheckpointsSpec { EverySteps = 100000 },
        };
}
