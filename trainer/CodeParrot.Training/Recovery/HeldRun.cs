using CodeParrot.Model;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Data.Streaming;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Recovery;

/// <summary>
/// A run as a rank holds it in memory, from one round to the next: what the steps change, and who writes it down.
/// </summary>
internal sealed class HeldRun : IDisposable
{
    /// <summary>Takes over model and optimiser.</summary>
    /// <param name="model">The model.</param>
    /// <param name="optimiser">Its optimiser.</param>
    /// <param name="guard">Judges steps.</param>
    /// <param name="account">Keeps account of time.</param>
    /// <param name="precision">Number format that products are computed in.</param>
    /// <param name="position">Where the run is.</param>
    public HeldRun(
        Gpt2 model,
        AdamW optimiser,
        StepGuard guard,
        RunAccount account,
        Contract.Spec.Precision precision,
        RunPosition position
    )
    {
        Model = model;
        Optimiser = optimiser;
        Guard = guard;
        Account = account;
        Precision = precision;
        Position = position;
    }

    public Gpt2 Model { get; }

    public AdamW Optimiser { get; private set; }

    public StepGuard Guard { get; }

    public RunAccount Account { get; }

    public Contract.Spec.Precision Precision { get; }

    /// <summary>Gets what utilisation is measured against; null where it is not known.</summary>
    public PeakRate? Peak { get; init; }

    /// <summary>Gets what is not in a checkpoint's record yet; null where nobody could ask for it.</summary>
    public StepTail? Tail { get; init; }

    /// <summary>Gets who takes checkpoints.</summary>
    public required CheckpointKeeper Keeper { get; init; }

    /// <summary>Gets or sets the run's files; null on ranks other than 0.</summary>
    public RunRecord? Record { get; set; }

    /// <summary>Gets or sets where the run is.</summary>
    public RunPosition Position { get; set; }

    /// <summary>Gets or sets where a streamed order goes on reading; null for the other orders.</summary>
    public StreamState? Stream { get; set; }

    /// <summary>Gets or sets the last step, until all that follows on it is done.</summary>
    public UnfinishedStep? Unfinished { get; set; }

    /// <summary>Gets or sets whether a checkpoint is due.</summary>
    public bool IsCheckpointLate { get; set; }

    /// <summary>
    /// Gets or sets whether weights, moments and all the rest are those of <see cref="Position"/>, so that a run can go
    /// on from this rank alone. False while a state is being received, after an update that was torn, and where the
    /// moments are divided between the ranks.
    /// </summary>
    public bool IsWhole { get; set; }

    /// <summary>Gets whether the newest checkpoint, complete or on its way, is of this step.</summary>
    public bool IsAtBegunCheckpoint => Keeper.Known.BegunStep == Position.Step;

    /// <summary>What the other ranks need beside the buffers.</summary>
    public HeldState Describe() =>
        new()
        {
            Config = HuggingFaceConfig.WriteConfig(Model.Config),
            Position = Position,
            Stream = Stream,
            Unfinished = Unfinished,
            IsCheckpointLate = IsCheckpointLate,
            OptimizerSteps = Optimiser.StepCount,
            Guard = Guard.Save(),
            Account = Account.Save(),
            Precision = Precision,
            Checkpoints = Keeper.Known,
            Tail = Tail?.Rows ?? [],
        };

    /// <summary>Takes over another rank's state but for the buffers, which are there.</summary>
    public void Restore(HeldState state)
    {
        Position = state.Position;
        Stream = state.Stream;
        Unfinished = state.Unfinished;
        IsCheckpointLate = state.IsCheckpointLate;
        Optimiser.StepCount = state.OptimizerSteps;
        Guard.Restore(state.Guard);
        Account.Restore(state.Account);
        Tail?.Replace(state.Tail);
    }

    /// <summary>
    /// Fits the run to a round: all ranks cut the buffers alike, or the bits of their updates would differ.
    /// </summary>
    public void Fit(Sharding sharding, int worldSize)
    {
        if (!Optimiser.Slices.SequenceEqual(sharding.UpdatedSlices))
        {
            Optimiser = Optimiser.Recut(sharding.UpdatedSlices);
        }
        Account.Resize(worldSize);
    }

    /// <summary>
    /// Opens the run's files on rank 0, or adds what they lack: one that goes on from another rank's state lacks its
    /// last step at most, a new one those that are in no checkpoint.
    /// </summary>
    public void OpenRecord(TrainingContext context, RunStart start)
    {
        if (context.Group.Rank != 0)
        {
            return;
        }
        var tail = start.Held?.Tail ?? [];
        var recorded = start.Held?.RecordedSteps ?? Position.Step;
        Record ??= RunRecord.Open(context, start.Run, tail.Count > 0 ? tail[0].Steps - 1 : recorded);
        Record.Extend(tail);
    }

    public void Dispose()
    {
        // Uploads end before the memory that they read is freed.
        Record?.Dispose();
        Keeper.Dispose();
        Optimiser.Dispose();
        Model.Dispose();
    }
}
