using CodeParrot.Contract.Spec;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Data.Streaming;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Metrics;

namespace CodeParrot.Training.Recovery;

/// <summary>
/// All of a rank's state but weights and moments, as it goes to the others at the begin of a round: what a checkpoint
/// has in its state.json, and beside it how far the rank was with what follows on its last step.
/// </summary>
internal sealed record HeldState
{
    /// <summary><c>config.json</c> of the model.</summary>
    public required byte[] Config { get; init; }

    /// <summary>Where the run is.</summary>
    public required RunPosition Position { get; init; }

    /// <summary>Where a streamed order goes on reading; null for the other orders.</summary>
    public StreamState? Stream { get; init; }

    /// <summary>The last step, if not all that follows on it is done.</summary>
    public UnfinishedStep? Unfinished { get; init; }

    /// <summary>Whether a checkpoint is due that waits for a step that proves the weights.</summary>
    public required bool IsCheckpointLate { get; init; }

    /// <summary>Updates that the moments have seen.</summary>
    public required long OptimizerSteps { get; init; }

    /// <summary>What the guard remembers.</summary>
    public required GuardState Guard { get; init; }

    /// <summary>The run's time so far.</summary>
    public required AccountState Account { get; init; }

    /// <summary>Number format that products are computed in, on whatever machine.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The newest checkpoints as far as the rank knows.</summary>
    public required KnownCheckpoints Checkpoints { get; init; }

    /// <summary>Steps that may be in no checkpoint's record yet, oldest first.</summary>
    public required IReadOnlyList<MetricsRow> Tail { get; init; }

    /// <summary>Gets the steps that are recorded.</summary>
    public long RecordedSteps => Unfinished is { IsRecorded: false } ? Position.Step - 1 : Position.Step;
}
