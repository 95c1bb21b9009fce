using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Training.Data;
using CodeParrot.Training.Objectives;

namespace CodeParrot.Training.Engine;

/// <summary>What a rank reads in a round.</summary>
internal static class RankFeed
{
    /// <summary>Opens the feed of this rank's micro-batches; the caller disposes it.</summary>
    /// <param name="context">The attempt, and its round.</param>
    /// <param name="plan">What a step consists of.</param>
    /// <param name="spec">The spec as it is computed.</param>
    /// <param name="train">The tokens.</param>
    /// <param name="objective">What is predicted.</param>
    /// <param name="sequenceCount">Sequences of the tokens.</param>
    public static BatchFeed Open(
        TrainingContext context,
        StepPlan plan,
        RunSpec spec,
        TokenSplit train,
        IObjective objective,
        long sequenceCount
    )
    {
        var cuda = context.CudaDevice is null ? null : CudaRuntime.Load();
        return new BatchFeed(
            plan,
            new SampleOrder(spec.Training.Data.Order, spec.Training.Seed, sequenceCount),
            spec.Training.Seed,
            plan.MicroBatchesOf(context.Group.Rank, context.Group.WorldSize),
            () => new BatchReader(train, objective, plan.BatchSize, cuda: cuda),
            cuda is null ? null : like => new BatchUpload(cuda, context.CudaDevice!.Value, like)
        );
    }
}
