using System.Diagnostics;
using System.Globalization;
using CodeParrot.Benchmarks.Model;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Distributed;
using CodeParrot.Model.Native;
using CodeParrot.Storage;
using CodeParrot.Training;

namespace CodeParrot.Benchmarks.Distributed;

/// <summary>One rank of a run of <see cref="RanksBenchmark"/>, in a process of its own.</summary>
internal sealed class RankOfRun : ITrainingObserver
{
    /// <summary>The first word of a rank's command line.</summary>
    public const string Switch = "--rank";

    private readonly CancellationTokenSource _enough;
    private readonly int _steps;
    private double _seconds;
    private double _waitingSeconds;
    private double _cpuSecondsBefore;
    private double _cpuSeconds;

    private RankOfRun(int steps, CancellationTokenSource enough) => (_steps, _enough) = (steps, enough);

    /// <summary>Trains for some steps; the first does not count.</summary>
    /// <param name="args">Size, store's folder, rank, world size, port of the rendezvous, steps.</param>
    public static RankFigures Train(string[] args)
    {
        var (shape, folder) = (StepShape.Named(args[0]), args[1]);
        var numbers = args[2..].Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var (rank, worldSize, port, steps) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        MklFastPath.Enable();
        using var store = ObjectStores.Open(new StoreOptions { Uri = folder }, TimeProvider.System);
        using IProcessGroup group = worldSize == 1 ? new SingleProcessGroup() : Loopback.Join(rank, worldSize, port);
        using var enough = new CancellationTokenSource();
        var observer = new RankOfRun(steps, enough);
        var work = Directory.CreateTempSubdirectory("codeparrot-rank-").FullName;
        try
        {
            TrainingEngine.Run(
                new TrainingContext
                {
                    Manifest = new RunManifest
                    {
                        // A run of its own each time, which begins anew.
                        Metadata = new RunMetadata { Name = $"ranks-{port}" },
                        Spec = RandomCorpus.RunOn(shape),
                    },
                    RunUid = "benchmark",
                    Attempt = 1,
                    Branch = "b1",
                    Store = store,
                    OpenStore = _ => throw new NotSupportedException(),
                    Group = group,
                    WorkFolder = work,
                    Lineage = new RunLineage { Tokens = RandomCorpus.Prefix },
                    Threads = 2 / worldSize,
                    Observer = observer,
                },
                enough.Token
            );
        }
        catch (OperationCanceledException)
        {
            // The way to end without a checkpoint, which is not measured here.
            return new RankFigures(observer._seconds, observer._cpuSeconds, observer._waitingSeconds);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        throw new UnreachableException("the run is longer than what is measured of it");
    }

    public void StepFinished(in StepFacts facts)
    {
        if (facts.Step == 1)
        {
            _cpuSecondsBefore = CpuSeconds();
            return;
        }

        _seconds += facts.Duration.TotalSeconds;
        _waitingSeconds += facts.Waiting.TotalSeconds;
        if (facts.Step == _steps)
        {
            _cpuSeconds = CpuSeconds() - _cpuSecondsBefore;
            _enough.Cancel();
        }
    }

    public void Progress(RunProgress progress) { }

    public void Information(string message) { }

    public void Warning(string message) { }

    public void Summary(AttemptSummary summary) { }

    public void CheckpointCommitted(CheckpointSummary checkpoint) { }

    private static double CpuSeconds()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }
}
