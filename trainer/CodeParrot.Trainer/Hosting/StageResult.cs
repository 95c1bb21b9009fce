using CodeParrot.Contract.Runtime;

namespace CodeParrot.Trainer.Hosting;

/// <summary>How a stage ended, and what it made.</summary>
/// <param name="Code">Done or Stopped; failures are exceptions.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Outputs">What was made, by name.</param>
internal sealed record StageResult(ExitCode Code, string Message, IReadOnlyDictionary<string, string> Outputs)
{
    /// <summary>Class of the termination message.</summary>
    public string Class { get; init; } = Code.ToString();

    public long Step { get; init; }

    public string Checkpoint { get; init; } = "";

    /// <summary>Steps of data after <see cref="Checkpoint"/> to leave out, where a rollback is asked for.</summary>
    public int SkipSteps { get; init; }

    public IReadOnlyList<CheckpointSummary> Checkpoints { get; init; } = [];
}
