using CodeParrot.Contract.Spec;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Tests.Nccl;
using CodeParrot.Model;
using CodeParrot.Model.Native;
using CodeParrot.Training.Data;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Objectives;
using CodeParrot.Training.Stepping;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Training.Tests.Stepping;

/// <summary>What a step waits for while its micro-batches are queued; batches come as they come to a GPU.</summary>
public sealed class QueuedStepTests : IDisposable
{
    private const int Time = 8;
    private const int BatchSize = 2;
    private const int MostMicroBatches = 8;
    private const int Sequences = BatchSize * MostMicroBatches;
    private const int MaskId = Sequences * Time;

    private static readonly bool[] OffAndOn = [false, true];

    private readonly FakeGpus _gpus = new(worldSize: 1);
    private readonly InventedCorpus _corpus = InventedCorpus.New(Sequences, Time);

    public QueuedStepTests() => torch.set_num_threads(1);

    public static MatrixTheoryData<Contract.Spec.Precision, bool, bool> Ways { get; } =
        new(Enum.GetValues<Contract.Spec.Precision>(), OffAndOn, OffAndOn);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Many_micro_batches_read_no_more_values_than_one(
        Contract.Spec.Precision precision,
        bool isRecomputed,
        bool isMasked
    )
    {
        var training = new TrainingSpec
        {
            BatchSize = BatchSize,
            Precision = precision,
            GradientCheckpointing = isRecomputed,
        };

        var one = ReadsOf(training with { GradientAccumulation = 1 }, isMasked);
        var many = ReadsOf(training with { GradientAccumulation = MostMicroBatches }, isMasked);

        // All losses by one copy; the norm needs none in host memory.
        Assert.Equal(1, one);
        Assert.Equal(one, many);
        Assert.Equal(1 + MostMicroBatches, _gpus.Calls[0].Count(call => call == "record on torch"));
    }

    public void Dispose()
    {
        _corpus.Dispose();
        _gpus.Dispose();
    }

    private long ReadsOf(TrainingSpec training, bool isMasked)
    {
        using var scope = torch.NewDisposeScope();
        var spec = new RunSpec
        {
            Workers = new WorkersSpec { Count = 1 },
            Training = training,
        };
        using var model = ModelOf(isMasked);
        var group = new SingleProcessGroup();
        var sharding = new Sharding(training, model, group);
        using var optimiser = new AdamW(model, new AdamWOptions(), sharding.UpdatedSlices);
        using var update = new ParameterUpdate(model, optimiser, sharding, group, new RingExchange(group));
        using var feed = FeedOf(StepPlan.Of(spec), isMasked);
        var guard = new StepGuard(training.Guards, training.Precision);
        using var runner = new StepRunner(spec, model, update, group, feed, guard, TimeProvider.System);

        _gpus.WaitingThreads.Clear();
        var before = HostRead.Count;
        runner.Run(0, 0, () => false, () => false);
        // The thread that reads ahead waits for copies; the end of the feed will wait here.
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, _gpus.WaitingThreads.Keys);
        return HostRead.Count - before;
    }

    private static Gpt2 ModelOf(bool isMasked) =>
        new(
            new Gpt2Config
            {
                VocabularySize = MaskId + 1,
                ContextLength = Time,
                Width = 16,
                Heads = 2,
                Layers = 2,
                Dropout = 0.1,
                Bidirectional = isMasked,
            }
        );

    // Copies are as late as they may be, so a batch holds any tokens: what a step waits for does not depend on them.
    private BatchFeed FeedOf(StepPlan plan, bool isMasked)
    {
        IObjective objective = isMasked ? new MaskedObjective(Time, MaskId, MaskId) : new NextTokenObjective(Time);
        return new BatchFeed(
            plan,
            new SampleOrder(DataOrder.Sequential, seed: 1, Sequences),
            seed: 1,
            plan.MicroBatchesOf(0, 1),
            () => new BatchReader(_corpus.Train, objective, BatchSize, cuda: FakeGpus.Cuda),
            like => new BatchUpload(FakeGpus.Cuda, device: 0, like, place: torch.CPU)
        );
    }
}
