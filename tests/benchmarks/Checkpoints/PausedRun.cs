using CodeParrot.Benchmarks.Distributed;
using CodeParrot.Benchmarks.Model;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Distributed.Tests;
using CodeParrot.Model;
using CodeParrot.Storage;
using CodeParrot.Training;
using TorchSharp;

namespace CodeParrot.Benchmarks.Checkpoints;

/// <summary>A run of two ranks, as threads of this process, that takes a checkpoint every other step.</summary>
internal sealed class PausedRun : ITrainingObserver
{
    private const int Steps = 6;
    private const int EverySteps = 2;

    private static readonly StepShape _shape = new("6x384", Sizes(), Batch: 1, Time: 64, 0, 0);

    private readonly List<TimeSpan> _pauses = [];
    private long _stepEnd;

    /// <summary>Parameters of the model.</summary>
    public static long Parameters => _shape.Config.ParameterCount;

    /// <summary>Of the first checkpoint, which touches the copy's memory.</summary>
    public TimeSpan FirstPause => _pauses[0];

    /// <summary>Of the second.</summary>
    public TimeSpan LatePause => _pauses[1];

    /// <summary>From the end of the last step until its checkpoint is durable.</summary>
    public TimeSpan LastToDurable { get; private set; }

    /// <summary>Trains in a folder that is gone afterwards.</summary>
    public static PausedRun Train(bool isSharded)
    {
        torch.set_num_threads(1);
        using var corpus = new RandomCorpus(_shape);
        var port = FreePort.Draw();
        var run = new PausedRun();
        var ranks = Enumerable
            .Range(0, 2)
            .Select(rank => new Thread(() => run.TrainRank(corpus.Folder, rank, port, isSharded)));
        var started = ranks.ToList();
        started.ForEach(thread => thread.Start());
        started.ForEach(thread => thread.Join());
        return run;
    }

    // Reported before the checkpoint of the step is taken; what lies between two steps is the pause.
    public void StepFinished(in StepFacts facts)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (facts.Step % EverySteps == 1 && facts.Step > 1)
        {
            _pauses.Add(TimeProvider.System.GetElapsedTime(_stepEnd, now) - facts.Duration);
        }

        _stepEnd = now;
    }

    public void Summary(AttemptSummary summary) => LastToDurable = TimeProvider.System.GetElapsedTime(_stepEnd);

    public void Progress(RunProgress progress) { }

    public void Information(string message) { }

    public void Warning(string message) { }

    public void CheckpointCommitted(CheckpointSummary checkpoint) { }

    private static Gpt2Config Sizes() =>
        StepShape.Named("6x384").Config with
        {
            ContextLength = 64,
            VocabularySize = 8192,
        };

    private void TrainRank(string folder, int rank, int port, bool isSharded)
    {
        using var store = ObjectStores.Open(new StoreOptions { Uri = folder }, TimeProvider.System);
        using var group = Loopback.Join(rank, 2, port);
        TrainingEngine.Run(
            new TrainingContext
            {
                Manifest = new RunManifest
                {
                    Metadata = new RunMetadata { Name = "paused" },
                    Spec = SpecOf(isSharded),
                },
                RunUid = "benchmark",
                Attempt = 1,
                Branch = "b1",
                Store = store,
                OpenStore = _ => throw new NotSupportedException(),
                Group = group,
                WorkFolder = Path.Combine(folder, $"work-{rank}"),
                Lineage = new RunLineage { Tokens = RandomCorpus.Prefix },
                Threads = 1,
                Observer = rank == 0 ? this : new PausedRun(),
            },
            CancellationToken.None
        );
    }

    private static RunSpec SpecOf(bool isSharded)
    {
        var spec = RandomCorpus.RunOn(_shape);
        return spec with
        {
            Training = spec.Training with
            {
                // Long enough a step for the checkpoint before it to be durable.
                GradientAccumulation = 16,
                MaxSteps = Steps,
                OptimizerSharding = isSharded,
            },
            Checkpoints = new CheckpointsSpec { EverySteps = EverySteps },
        };
    }
}
