using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Model.Native;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Recovery;
using CodeParrot.Training.Stepping;
using CodeParrot.Training.Tests.Runs;
using TorchSharp;

namespace CodeParrot.Training.Tests.Recovery;

public sealed class StateTransferTests : IDisposable
{
    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(2, 777)]
    [InlineData(1, 1 << 22)]
    public void Weights_and_moments_of_the_source_are_on_all_ranks_afterwards(int source, long pieceElements)
    {
        var sums = Ranks.Run(
            3,
            group =>
            {
                using var held = HeldBy(group, step: group.Rank == source ? 7 : -1, fill: group.Rank + 1);
                var state = RootWork.Run(group, TimeProvider.System, () => Task.FromResult(held.Describe()), source);
                new StateTransfer(new RingExchange(group), group.Rank, source, pieceElements).Run(held, state);
                Assert.True(held.IsWhole);
                Assert.Equal((7, 5), (held.Position.Step, held.Optimiser.StepCount));
                return Values(held).ToArray();
            }
        );

        Assert.All(sums, sum => Assert.Equal(sums[source], sum));
        Assert.All(sums[source], value => Assert.Equal(source + 1, value));
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(6, false)]
    [InlineData(-1, false)]
    public void A_source_that_is_lost_midway_leaves_those_whole_that_held_its_step(long step, bool isWhole)
    {
        var held = new bool[2];

        var errors = Ranks.Catch(
            2,
            group =>
            {
                using var run = HeldBy(group, step: group.Rank == 0 ? 7 : step, fill: 3);
                var state = RootWork.Run(group, TimeProvider.System, () => Task.FromResult(run.Describe()), 0);
                var exchange = new DyingExchange(group, diesAt: group.Rank == 0 ? 3 : int.MaxValue);
                try
                {
                    new StateTransfer(exchange, group.Rank, source: 0, pieceElements: 1000).Run(run, state);
                }
                finally
                {
                    held[group.Rank] = run.IsWhole;
                }
            }
        );

        Assert.IsType<PeerLostException>(errors[1]);
        Assert.Equal(isWhole, held[1]);
    }

    private static IEnumerable<float> Values(HeldRun run)
    {
        torch.Tensor[] buffers = [run.Model.Parameters, run.Optimiser.FirstMoment, run.Optimiser.SecondMoment];
        foreach (var buffer in buffers)
        {
            yield return Assert.Single(LibTorch.Span<float>(buffer, 0, (int)buffer.numel()).ToArray().Distinct());
        }
    }

    private HeldRun HeldBy(IProcessGroup group, long step, float fill)
    {
        var context = _run.ContextOf(group, attempt: 1, stopAfter: long.MaxValue);
        var config = new Gpt2Config
        {
            VocabularySize = TestRun.VocabularySize,
            ContextLength = TestRun.ContextLength,
            Width = 16,
            Layers = 1,
            Heads = 2,
        };
        var model = new Gpt2(config);
        var sharding = new Sharding(_run.Spec.Training, model, group);
        var optimiser = new AdamW(model, new AdamWOptions(), sharding.UpdatedSlices) { StepCount = step < 0 ? 0 : 5 };
        foreach (var buffer in new[] { model.Parameters, optimiser.FirstMoment, optimiser.SecondMoment })
        {
            LibTorch.Span<float>(buffer, 0, (int)buffer.numel()).Fill(fill);
        }
        var start = RunStart.Decide(context, new RankMemory(), CancellationToken.None);
        return new HeldRun(
            model,
            optimiser,
            new StepGuard(_run.Spec.Training.Guards, Contract.Spec.Precision.Fp32),
            new RunAccount(model, peak: null, group.WorldSize, state: null, TimeProvider.System),
            Contract.Spec.Precision.Fp32,
            RunPosition.Start with
            {
                Step = step,
            }
        )
        {
            Keeper = new CheckpointKeeper(context, start, model, [], new ProgressReporter(context), default),
            Tail = new StepTail(),
            IsWhole = step >= 0,
        };
    }
}
