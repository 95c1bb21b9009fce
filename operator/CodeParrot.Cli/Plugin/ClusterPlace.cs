using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Commands;
using CodeParrot.Cli.Places;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Plugin;

/// <summary>The runs of a Kubernetes cluster: commands edit their specs, and an operator acts.</summary>
internal sealed class ClusterPlace : IRunPlace
{
    private const string Newest = "newest";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GenerationDeadline = TimeSpan.FromMinutes(15);

    private readonly ClusterConnection _connection;
    private readonly bool _allNamespaces;
    private readonly TimeProvider _time;

    private ClusterPlace(ClusterConnection connection, bool allNamespaces, TimeProvider time)
    {
        _connection = connection;
        _allNamespaces = allNamespaces;
        _time = time;
        Runs = new RunApi(connection.Client);
        Pods = new RunPods(connection.Client, time);
    }

    /// <summary>The cluster and the namespace.</summary>
    public ClusterConnection Connection => _connection;

    /// <summary>Its runs.</summary>
    public RunApi Runs { get; }

    /// <summary>Pods of its runs.</summary>
    public RunPods Pods { get; }

    /// <inheritdoc/>
    public string Command => "kubectl codeparrot";

    /// <summary>Opens it.</summary>
    public static ClusterPlace Of(ClusterConnection connection, bool allNamespaces, TimeProvider time) =>
        new(connection, allNamespaces, time);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TrainingRun>> ListAsync(CancellationToken cancellationToken) =>
        Runs.ListAsync(_allNamespaces ? null : _connection.Namespace, cancellationToken);

    /// <inheritdoc/>
    public async Task<TrainingRun> FindAsync(string? name, CancellationToken cancellationToken)
    {
        // One that is named whole needs no list, which somebody may not be allowed to have.
        if (!_allNamespaces && name is not null && await OneAsync(name, cancellationToken) is { } one)
        {
            return one;
        }

        var all = await ListAsync(cancellationToken);
        var where = _allNamespaces ? "in the cluster" : $"in namespace {_connection.Namespace}";
        var key = RunChoice.Of([.. all.Select(RunKey.Of)], name, where, $"{Command} run -f run.yaml");
        return all.First(r => RunKey.Of(r) == key);
    }

    /// <inheritdoc/>
    public async Task<TrainingRun> CurrentAsync(TrainingRun run, CancellationToken cancellationToken) =>
        await Runs.GetAsync(run.Metadata.Namespace, run.Metadata.Name, cancellationToken) is { } now
        && now.Metadata.Uid == run.Metadata.Uid
            ? now
            : throw new UserMistakeException($"run {RunKey.Of(run)} was deleted");

    /// <inheritdoc/>
    public async Task<Observed> ObserveAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        var now = await CurrentAsync(run, cancellationToken);
        var ranks = await Pods.RanksAsync(now, cancellationToken);
        return new Observed
        {
            Run = now,
            Progress = StatusProgress.Of(now, ranks),
            Now = _time.GetUtcNow(),
        };
    }

    /// <inheritdoc/>
    public async Task<TrainingRun> EditAsync(
        TrainingRun run,
        Func<RunSpec, RunSpec> edit,
        CancellationToken cancellationToken
    )
    {
        var patch = MergePatch.Between(Json(run.Spec), Json(edit(run.Spec)));
        return await Runs.PatchAsync(
            run.Metadata.Namespace,
            run.Metadata.Name,
            new JsonObject { ["spec"] = patch },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public bool IsDriven(TrainingRun run) => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckpointSummary>> CheckpointsAsync(
        TrainingRun run,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<CheckpointSummary>>([.. run.Status.Checkpoints]);

    /// <inheritdoc/>
    public Task<TrainingRun> RollbackAsync(TrainingRun run, RollbackSpec wanted, CancellationToken cancellationToken)
    {
        // The operator would refuse it too, but only in a condition.
        RollbackCommand.RequireStep(run.Status.Checkpoints, wanted.ToStep);
        return EditAsync(run, s => s with { Rollback = wanted }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string> PromoteAsync(TrainingRun run, string checkpoint, CancellationToken cancellationToken)
    {
        var found = CheckpointChoice.Of(run.Status.Checkpoints, checkpoint, RunKey.Of(run));
        var key = CheckpointList.Key(found);
        return await Promotions.AskAsync(this, run, key, _time, cancellationToken)
            ?? throw new UserMistakeException(
                $"{key} is not published yet: nobody has acted on it; {Command} doctor looks for why"
            );
    }

    /// <inheritdoc/>
    public async Task<int> ResumeAsync(TrainingRun run, CancellationToken cancellationToken)
    {
        var asked = await EditAsync(run, s => s with { Suspend = false }, cancellationToken);
        var answer = await Answers.AwaitAsync(
            this,
            asked,
            r => r.Status.Phase != Api.Status.RunPhase.Suspended,
            Patience,
            _time,
            cancellationToken
        );
        var name = run.Metadata.Name;
        Console.WriteLine(
            answer is null
                ? $"asked; nobody has acted on it yet: {Command} doctor looks for why"
                : $"run {name} goes on ({answer.Status.Phase}, attempt {answer.Status.Attempt})"
        );
        return answer is null ? (int)ExitCode.Unexpected : (int)ExitCode.Done;
    }

    /// <inheritdoc/>
    public Task<int> GenerateAsync(
        TrainingRun run,
        string? checkpoint,
        IReadOnlyList<string> words,
        CancellationToken cancellationToken
    )
    {
        if (run.Status.Checkpoints.Count == 0)
        {
            throw new UserMistakeException($"{run.Metadata.Name} has no complete checkpoint yet");
        }

        // Which one is the newest, the pod finds out: what the status names may be gone when it starts.
        var preferred = run.Status.Published.Length > 0 ? run.Status.Published : Newest;
        return new ShortPod(_connection.Client, Pods, _time).RunAsync(
            run,
            ["generate", "--checkpoint", checkpoint ?? preferred, .. words],
            GenerationDeadline,
            Console.WriteLine,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunPod>> PodsAsync(TrainingRun run, CancellationToken cancellationToken) =>
        Pods.ListAsync(run, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> LogAsync(RunPod pod, bool follow, CancellationToken cancellationToken) =>
        Pods.LogAsync(pod.Namespace, pod.Name, follow, cancellationToken);

    /// <inheritdoc/>
    public string FolderOf(TrainingRun run, string checkpoint) =>
        run.Spec.Store.Uri.TrimEnd('/')
        + "/"
        + StorePaths.Checkpoint(run.Metadata.Namespace, run.Metadata.Name, checkpoint);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static JsonObject Json(RunSpec spec) => JsonSerializer.SerializeToNode(spec, ApiJson.Compact)!.AsObject();

    private Task<TrainingRun?> OneAsync(string name, CancellationToken cancellationToken)
    {
        var parts = name.Split('/', 2);
        return parts.Length == 2
            ? Runs.GetAsync(parts[0], parts[1], cancellationToken)
            : Runs.GetAsync(_connection.Namespace, name, cancellationToken);
    }
}
