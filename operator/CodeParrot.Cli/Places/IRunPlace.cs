using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Cli.Places;

/// <summary>Where runs are: a folder of this machine, or a cluster. Commands mean the same in both.</summary>
internal interface IRunPlace : IDisposable
{
    /// <summary>How this command is typed, for remedies: <c>codeparrot</c> or <c>kubectl codeparrot</c>.</summary>
    string Command { get; }

    /// <summary>Every run, by name.</summary>
    Task<IReadOnlyList<TrainingRun>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The run of a name, or the only one there is when no name is given.</summary>
    /// <exception cref="UserMistakeException">There is none, or more than one.</exception>
    Task<TrainingRun> FindAsync(string? name, CancellationToken cancellationToken);

    /// <summary>The run as it is now.</summary>
    /// <exception cref="UserMistakeException">It is gone.</exception>
    Task<TrainingRun> CurrentAsync(TrainingRun run, CancellationToken cancellationToken);

    /// <summary>The run as it is now, with its progress, which pods are asked for.</summary>
    /// <exception cref="UserMistakeException">It is gone.</exception>
    Task<Observed> ObserveAsync(TrainingRun run, CancellationToken cancellationToken);

    /// <summary>Changes fields of the spec that are read live.</summary>
    /// <returns>The run as it was written.</returns>
    Task<TrainingRun> EditAsync(TrainingRun run, Func<RunSpec, RunSpec> edit, CancellationToken cancellationToken);

    /// <summary>
    /// True where somebody acts on edits: an operator is taken to be there, a folder's run may have nobody.
    /// </summary>
    bool IsDriven(TrainingRun run);

    /// <summary>Complete checkpoints, newest first.</summary>
    Task<IReadOnlyList<CheckpointSummary>> CheckpointsAsync(TrainingRun run, CancellationToken cancellationToken);

    /// <summary>Asks for a rollback to one of the complete checkpoints.</summary>
    /// <exception cref="UserMistakeException">None has that step.</exception>
    Task<TrainingRun> RollbackAsync(TrainingRun run, RollbackSpec wanted, CancellationToken cancellationToken);

    /// <summary>Publishes a checkpoint.</summary>
    /// <param name="run">Its run.</param>
    /// <param name="checkpoint"><c>branch/name</c>, or a name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The checkpoint as <c>branch/name</c>.</returns>
    /// <exception cref="UserMistakeException">There is no such checkpoint, or it cannot be published.</exception>
    Task<string> PromoteAsync(TrainingRun run, string checkpoint, CancellationToken cancellationToken);

    /// <summary>Lets a suspended run go on.</summary>
    /// <returns>An exit code.</returns>
    Task<int> ResumeAsync(TrainingRun run, CancellationToken cancellationToken);

    /// <summary>Lets a checkpoint's model go on with a prompt, on our standard output.</summary>
    /// <param name="run">The run.</param>
    /// <param name="checkpoint">
    /// <c>branch/name</c>; null for the published one, or the newest where none is published.
    /// </param>
    /// <param name="words">Options of <c>trainer generate</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The trainer's exit code.</returns>
    Task<int> GenerateAsync(
        TrainingRun run,
        string? checkpoint,
        IReadOnlyList<string> words,
        CancellationToken cancellationToken
    );

    /// <summary>Pods whose logs are there, in no order.</summary>
    Task<IReadOnlyList<RunPod>> PodsAsync(TrainingRun run, CancellationToken cancellationToken);

    /// <summary>
    /// Lines that a pod printed, and with <paramref name="follow"/> those that it prints until it ends.
    /// </summary>
    IAsyncEnumerable<string> LogAsync(RunPod pod, bool follow, CancellationToken cancellationToken);

    /// <summary>Where a checkpoint's model folder is: a path or a URI.</summary>
    string FolderOf(TrainingRun run, string checkpoint);
}
