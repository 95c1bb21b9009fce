using System.Text.Json;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Hosting;

/// <summary>A run's part of its store, seen through the trainer.</summary>
internal sealed class RunStore(StateFolder state, RunKey run, Func<string> trainer)
{
    /// <summary>Complete checkpoints, newest first; none before the first attempt.</summary>
    /// <exception cref="TrainerFailedException">The store cannot be read.</exception>
    public async Task<IReadOnlyList<CheckpointSummary>> ListAsync(CancellationToken cancellationToken)
    {
        if (Resource() is not { Status.SpecHash.Length: > 0 })
        {
            return [];
        }

        var answer = await AskAsync(["store", "list"], cancellationToken);
        return JsonSerializer.Deserialize<List<CheckpointSummary>>(answer, ContractJson.Compact) ?? [];
    }

    /// <summary>
    /// Publishes a checkpoint of a run that nobody drives, and notes it as a driver would: the spec names it, so that
    /// the end of the run publishes nothing in its place, and the status says that this is done.
    /// </summary>
    /// <param name="key"><c>branch/name</c> of a complete checkpoint.</param>
    /// <param name="cancellationToken">Stops before the refs are changed.</param>
    /// <exception cref="TrainerFailedException">The checkpoint is damaged, or the store cannot be written.</exception>
    public async Task<string> PromoteAsync(string key, CancellationToken cancellationToken)
    {
        await AskAsync(["store", "promote", "--checkpoint", key], cancellationToken);
        state
            .File(run)
            .Update(r =>
                r! with
                {
                    Spec = r.Spec with { Publish = r.Spec.Publish with { Promote = key } },
                    Status = r.Status with
                    {
                        Published = key,
                        Promotion = (r.Status.Promotion ?? new PromotionStatus()) with
                        {
                            Value = key,
                            Result = ConditionReasons.Promoted,
                            Message = $"{key} is published",
                        },
                    },
                }
            );
        return key;
    }

    /// <summary>The published checkpoint, or the newest where none is published, as <c>branch/name</c>.</summary>
    /// <exception cref="UserMistakeException">There is none.</exception>
    public async Task<string> PreferredAsync(CancellationToken cancellationToken)
    {
        if (Resource() is { Status.Published: { Length: > 0 } published })
        {
            return published;
        }

        var known = await ListAsync(cancellationToken);
        return known.Count > 0
            ? CheckpointList.Key(known[0])
            : throw new UserMistakeException($"{run} has no complete checkpoint yet");
    }

    /// <summary>Where a checkpoint's model folder is: a path for a local store, a URI otherwise.</summary>
    public string FolderOf(string checkpoint)
    {
        var store = Resource() is { Spec.Store.Uri: { Length: > 0 } uri } ? uri : state.StoreUri;
        var place = store.TrimEnd('/') + "/" + StorePaths.Checkpoint(run.Namespace, run.Name, checkpoint);
        return place.StartsWith(StateFolder.LocalScheme, StringComparison.Ordinal)
            ? place[StateFolder.LocalScheme.Length..]
            : place;
    }

    /// <summary>Environment of a trainer that is to use the run's store.</summary>
    public IReadOnlyDictionary<string, string> Environment() =>
        Resource() is { Spec.Store.Uri.Length: 0 }
            ? new Dictionary<string, string> { [EnvironmentNames.StoreUri] = state.StoreUri }
            : [];

    /// <summary>The manifest that the run's current attempt uses.</summary>
    public string SnapshotFile() => state.SnapshotFile(run, Resource()!.Status.SpecHash);

    private TrainingRun? Resource() => state.File(run).Read();

    private Task<string> AskAsync(string[] command, CancellationToken cancellationToken) =>
        TrainerProcess.AskAsync(trainer(), [.. command, "--spec", SnapshotFile()], Environment(), cancellationToken);
}
