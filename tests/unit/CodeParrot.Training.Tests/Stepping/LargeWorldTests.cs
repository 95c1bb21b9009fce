using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Tests.InProcess;
using CodeParrot.Model;
using CodeParrot.Training.Checkpointing;
using CodeParrot.Training.Data;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Objectives;
using CodeParrot.Training.Stepping;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Training.Tests.Stepping;

/// <summary>Steps of a tiny model in worlds that no test could start as processes.</summary>
public sealed class LargeWorldTests : IDisposable
{
    private const int Steps = 3;
    private const int MicroBatches = 96;

    // Sums in another order.
    private const double Tolerance = 1e-4;

    private readonly TestRun _run = new();
    private readonly TokenCorpus _corpus;

    public LargeWorldTests()
    {
        torch.set_num_threads(1);
        _corpus = _run.OpenCorpus();
    }

    // One micro-batch or two for a rank, and none for most.
    [Theory]
    [InlineData(64)]
    [InlineData(1024)]
    public void Steps_are_the_same_in_a_large_world_sharded_or_not(int worldSize)
    {
        var alone = Train(worldSize: 1, isSharded: false)[0];

        var sharded = Train(worldSize, isSharded: true);
        var unsharded = Train(worldSize, isSharded: false);

        Assert.All(alone.Losses.Zip(sharded[0].Losses), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        Assert.All(alone.Norms.Zip(sharded[0].Norms), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        for (var rank = 0; rank < worldSize; rank++)
        {
            Assert.Equal(unsharded[0].Losses, sharded[rank].Losses);
            Assert.Equal(unsharded[0].Norms, sharded[rank].Norms);
            Assert.Equal(unsharded[0].Parameters, sharded[rank].Parameters);
        }
        Assert.Equal(unsharded[0].Moments, sharded[0].Moments);
    }

    public void Dispose()
    {
        _corpus.Dispose();
        _run.Dispose();
    }

    private sealed record Trace(double[] Losses, double[] Norms, float[] Parameters, float[] Moments);

    private Trace[] Train(int worldSize, bool isSharded) =>
        new InProcessWorld(worldSize).Run(group => TrainRank(group, isSharded));

    private Trace TrainRank(IProcessGroup group, bool isSharded)
    {
        using var scope = torch.NewDisposeScope();
        var spec = _run.Spec with
        {
            Training = _run.Spec.Training with
            {
                BatchSize = 1,
                GradientAccumulation = MicroBatches,
                OptimizerSharding = isSharded,
                GradientClip = 0.1,
            },
        };
        using var model = new Gpt2(
            new Gpt2Config
            {
                VocabularySize = TestRun.VocabularySize,
                ContextLength = TestRun.ContextLength,
                Width = 16,
                Heads = 2,
                Layers = 1,
                Dropout = 0,
            }
        );
        model.Initialise(7);
        var sharding = new Sharding(spec.Training, model, group);
        using var optimiser = new AdamW(model, new AdamWOptions { WeightDecay = 0.1 }, sharding.UpdatedSlices);
        var exchange = new RingExchange(group);
        using var update = new ParameterUpdate(model, optimiser, sharding, group, exchange);
        var plan = StepPlan.Of(spec);
        var objective = new NextTokenObjective(TestRun.ContextLength);
        using var feed = new BatchFeed(
            plan,
            new SampleOrder(DataOrder.Shuffled, 5, _corpus.Train.SequenceCount(TestRun.ContextLength)),
            seed: 5,
            plan.MicroBatchesOf(group.Rank, group.WorldSize),
            () => new BatchReader(_corpus.Train, objective, plan.BatchSize)
        );
        var guard = new StepGuard(spec.Training.Guards, spec.Training.Precision);
        var runner = new StepRunner(spec, model, update, group, feed, guard, TimeProvider.System);

        var results = Enumerable.Range(0, Steps).Select(step => runner.Run(step, step, () => false, () => false));
        var (losses, norms) = (new List<double>(), new List<double>());
        foreach (var result in results)
        {
            losses.Add(result.Loss);
            norms.Add(result.GradientNorm);
        }

        var isRoot = group.Rank == 0;
        using var moments = torch.zeros(isRoot ? 2 * model.Parameters.numel() : 0);
        var half = moments.numel() / 2;
        new MomentGather(optimiser, sharding, group.Rank, exchange).CopyTo(
            isRoot ? moments.narrow(0, 0, half) : null,
            isRoot ? moments.narrow(0, half, half) : null
        );
        return new Trace(
            [.. losses],
            [.. norms],
            model.Parameters.data<float>().ToArray(),
            moments.data<float>().ToArray()
        );
    }
}
