using CodeParrot.Contract.Spec;

namespace CodeParrot.Training.Data;

/// <summary>
/// What a step consists of: M = workers.count × gradientAccumulation micro-batches, whatever the world size. Rank r of
/// W takes micro-batches r, r + W, r + 2W, …
/// </summary>
/// <param name="MicroBatchCount">M, of all ranks.</param>
/// <param name="BatchSize">Sequences of a micro-batch.</param>
public sealed record StepPlan(int MicroBatchCount, int BatchSize)
{
    // Keeps an objective's draws apart from dropout's, which are keyed by micro-batches: never so many.
    private const ulong ObjectiveUse = ulong.MaxValue;

    /// <summary>Gets the sequences of a step.</summary>
    public long SamplesPerStep => (long)MicroBatchCount * BatchSize;

    /// <summary>The plan of a resolved spec.</summary>
    public static StepPlan Of(RunSpec spec) =>
        new(spec.Workers.Count * spec.Training.GradientAccumulation, spec.Training.BatchSize);

    /// <summary>
    /// Returns the micro-batches that a rank computes, in its order; none where the ranks are too many.
    /// </summary>
    public IEnumerable<int> MicroBatchesOf(int rank, int worldSize)
    {
        for (var index = rank; index < MicroBatchCount; index += worldSize)
        {
            yield return index;
        }
    }

    /// <summary>Returns the number of a micro-batch's first sample in the run.</summary>
    /// <param name="dataStep">Step of the data order, from 0.</param>
    /// <param name="microBatch">Index in the step, 0 … M-1.</param>
    public long FirstSampleOf(long dataStep, int microBatch) =>
        (dataStep * SamplesPerStep) + ((long)microBatch * BatchSize);

    /// <summary>
    /// Returns what decides which tokens of a sample an objective hides: other ones each time its sequence comes round,
    /// the same at any world size and after any resume.
    /// </summary>
    /// <param name="runSeed">The run's seed.</param>
    /// <param name="sample">Number of the sample in the run.</param>
    public static ulong ObjectiveKeyOf(long runSeed, long sample) =>
        Mix.Of((ulong)runSeed, (ulong)sample, ObjectiveUse);

    /// <summary>
    /// Returns the seed of a micro-batch's dropout: the same at any world size, and after any resume.
    /// </summary>
    public static ulong DropoutSeedOf(long runSeed, long updateIndex, int microBatch) =>
        Mix.Of((ulong)runSeed, (ulong)updateIndex, (ulong)microBatch);
}
