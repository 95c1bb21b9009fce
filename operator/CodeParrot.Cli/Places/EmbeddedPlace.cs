using System.Runtime.CompilerServices;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Commands;
using CodeParrot.Cli.Hosting;
using CodeParrot.Cli.Pods;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Places;

/// <summary>The runs of a folder of this machine.</summary>
/// <param name="state">The folder.</param>
/// <param name="trainer">Finds the trainer's executable.</param>
/// <param name="time">Clock.</param>
internal sealed class EmbeddedPlace(StateFolder state, Func<string> trainer, TimeProvider time) : IRunPlace
{
    private readonly ProgressReader _progress = new();

    /// <inheritdoc/>
    public string Command => "codeparrot";

    /// <inheritdoc/>
    public Task<IReadOnlyList<TrainingRun>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TrainingRun>>([.. state.List().Select(k => state.File(k).Read()!)]);

    /// <inheritdoc/>
    public Task<TrainingRun> FindAsync(string? name, CancellationToken cancellationToken) =>
        Task.FromResult(Read(state.Find(name)));

    /// <inheritdoc/>
    public Task<TrainingRun> CurrentAsync(TrainingRun run, CancellationToken cancellationToken) =>
        Task.FromResult(Read(RunKey.Of(run)));

    /// <inheritdoc/>
    public async Task<Observed> ObserveAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        var living = Folders(run).Where(p => p.Record is { ExitCode: null, Removed: false }).Select(p => p.Folder);
        return new Observed
        {
            Run = Read(RunKey.Of(run)),
            Progress = await _progress.ReadAsync(living, "", cancellationToken),
            Now = time.GetUtcNow(),
        };
    }

    /// <inheritdoc/>
    public Task<TrainingRun> EditAsync(
        TrainingRun run,
        Func<RunSpec, RunSpec> edit,
        CancellationToken cancellationToken
    ) => Task.FromResult(state.File(RunKey.Of(run)).Update(r => (r ?? run) with { Spec = edit((r ?? run).Spec) }));

    /// <inheritdoc/>
    public bool IsDriven(TrainingRun run) => RunLock.IsTaken(state.RunFolder(RunKey.Of(run)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckpointSummary>> CheckpointsAsync(
        TrainingRun run,
        CancellationToken cancellationToken
    ) => StoreOf(run).ListAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<TrainingRun> RollbackAsync(
        TrainingRun run,
        RollbackSpec wanted,
        CancellationToken cancellationToken
    )
    {
        var known = await CheckpointsAsync(run, cancellationToken);
        return state.File(RunKey.Of(run)).Update(r => RollbackCommand.Apply(r ?? run, known, wanted));
    }

    /// <inheritdoc/>
    public async Task<string> PromoteAsync(TrainingRun run, string checkpoint, CancellationToken cancellationToken)
    {
        var store = StoreOf(run);
        var found = CheckpointChoice.Of(await store.ListAsync(cancellationToken), checkpoint, RunKey.Of(run));
        var key = CheckpointList.Key(found);
        // A run that is driven may be at its refs at this moment: its driver knows when they are free.
        var published = IsDriven(run) ? await Promotions.AskAsync(this, run, key, time, cancellationToken) : null;
        return published ?? await store.PromoteAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int> ResumeAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        await EditAsync(run, s => s with { Suspend = false }, cancellationToken);
        if (IsDriven(run))
        {
            Console.WriteLine($"run {run.Metadata.Name} goes on");
            return (int)ExitCode.Done;
        }

        return await RunSession.DriveAsync(state, Read(RunKey.Of(run)), trainer());
    }

    /// <inheritdoc/>
    public async Task<int> GenerateAsync(
        TrainingRun run,
        string? checkpoint,
        IReadOnlyList<string> words,
        CancellationToken cancellationToken
    )
    {
        var store = StoreOf(run);
        var chosen = checkpoint ?? await store.PreferredAsync(cancellationToken);
        return await TrainerProcess.PassAsync(
            trainer(),
            ["generate", "--spec", store.SnapshotFile(), "--checkpoint", chosen, .. words],
            store.Environment(),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunPod>> PodsAsync(TrainingRun run, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RunPod>>([
            .. Folders(run)
                .Select(p => new RunPod(
                    Path.GetFileName(p.Folder.Root),
                    p.Record.Spec.Run,
                    p.Record.Spec.Namespace,
                    p.Record.Spec.Stage,
                    p.Record.Spec.Attempt,
                    p.Record.Spec.PodIndex,
                    p.Record.Spec.RanksPerPod,
                    p.Record.CreatedAt
                )),
        ]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> LogAsync(
        RunPod pod,
        bool follow,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var pods = state.PodsFolder(new RunKey(pod.Namespace, pod.Run));
        var folder = new PodFolder(Path.Combine(pods, pod.Name));
        // What a process complains of before it has a log of its own.
        await foreach (var line in new FollowedFile(folder.StderrFile, () => true, time).LinesAsync(cancellationToken))
        {
            yield return line;
        }

        bool IsOver() => !follow || folder.Read()?.ExitCode is not null || folder.ExitCode() is not null;
        await foreach (var line in new FollowedFile(folder.StdoutFile, IsOver, time).LinesAsync(cancellationToken))
        {
            yield return line;
        }
    }

    /// <inheritdoc/>
    public string FolderOf(TrainingRun run, string checkpoint) => StoreOf(run).FolderOf(checkpoint);

    /// <inheritdoc/>
    public void Dispose() => _progress.Dispose();

    private RunStore StoreOf(TrainingRun run) => new(state, RunKey.Of(run), trainer);

    private TrainingRun Read(RunKey run) =>
        state.File(run).Read() ?? throw new UserMistakeException($"run {run} was removed");

    private IEnumerable<(PodFolder Folder, PodRecord Record)> Folders(TrainingRun run) =>
        PodFolder
            .List(state.PodsFolder(RunKey.Of(run)))
            .Select(f => (Folder: f, Record: f.Read()))
            .Where(p => p.Record is not null)
            .Select(p => (p.Folder, p.Record!));
}
