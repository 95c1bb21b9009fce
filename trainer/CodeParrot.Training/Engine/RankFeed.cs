using CodeParrot.Contract.Spec;
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
    /// <param name="data">The sequences, and their order.</param>
    /// <param name="objective">What is predicted.</param>
    public static BatchFeed Open(
        TrainingContext context,
        StepPlan plan,
        RunSpec spec,
        TrainingData data,
        IObjective objective
    )
    {
        var cuda = context.CudaDevice is null ? null : CudaRuntime.Load();
        return new BatchFeed(
            plan,
            data.Order,
            spec.Training.Seed,
            plan.MicroBatchesOf(context.Group.Rank, context.Group.WorldSize),
            () => new BatchReader(data.Sequences, objective, plan.BatchSize, cuda: cuda),
            cuda is null ? null : like => new BatchUpload(cuda, context.CudaDevice!.Value, like)
        );
    }
}
