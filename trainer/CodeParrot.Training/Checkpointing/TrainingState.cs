using CodeParrot.Contract.Spec;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Data.Streaming;
using CodeParrot.Training.Guards;

namespace CodeParrot.Training.Checkpointing;

/// <summary><c>state.json</c> of a checkpoint: what a resume needs beside weights and moments.</summary>
internal sealed record TrainingState
{
    public const string FileName = "state.json";

    /// <summary>The newest version of this format that this build reads, and the one that it writes.</summary>
    public const int NewestFormatVersion = 1;

    public int FormatVersion { get; init; } = NewestFormatVersion;

    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>
    /// Updates that the optimiser did: fewer than the steps where some were skipped. Null in checkpoints of versions
    /// that skipped none.
    /// </summary>
    public long? OptimizerSteps { get; init; }

    /// <summary>Step of the data order that comes next.</summary>
    public long DataStep { get; init; }

    /// <summary>Where a streamed order goes on reading; null for the other orders.</summary>
    public StreamState? Stream { get; init; }

    /// <summary>Sequences trained on.</summary>
    public long Samples { get; init; }

    /// <summary>Tokens trained on.</summary>
    public long Tokens { get; init; }

    /// <summary>Training loss of the last step.</summary>
    public double? Loss { get; init; }

    /// <summary>Newest loss on held-out data.</summary>
    public double? EvalLoss { get; init; }

    /// <summary>Ranks that computed the last step; another number sums in another order.</summary>
    public int WorldSize { get; init; }

    /// <summary>Threads of a rank; another number sums in another order.</summary>
    public int Threads { get; init; }

    /// <summary>Number format that products of the last step were computed in.</summary>
    public Precision Precision { get; init; }

    /// <summary>What the guard remembers; null in checkpoints of versions that had none.</summary>
    public GuardState? Guard { get; init; }

    /// <summary>The run's time so far; null in checkpoints of versions that kept none.</summary>
    public AccountState? Account { get; init; }

    /// <summary>SHA-256 of the resolved spec that the attempt ran with.</summary>
    public string SpecHash { get; init; } = "";

    /// <summary>Identity fields of the spec by path, so that a mismatch can name the field.</summary>
    public IReadOnlyDictionary<string, string> Identity { get; init; } = new Dictionary<string, string>();
}
