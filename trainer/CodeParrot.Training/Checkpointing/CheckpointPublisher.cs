using CodeParrot.Checkpoints;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Checkpointing;

/// <summary>
/// Writes checkpoints in the background, at most one at a time (rank 0). What went wrong is thrown on the training
/// thread, by the next call.
/// </summary>
internal sealed class CheckpointPublisher(
    IObjectStore store,
    RunOwnership ownership,
    RetentionSpec keep,
    string? rollbackTarget,
    string published,
    TimeProvider time
)
{
    private readonly CheckpointWriter _writer = new(store, ownership, time);
    private Task<PublishedCheckpoint>? _inFlight;

    /// <summary>Begins to write; the one before must have been collected.</summary>
    /// <param name="draft">The manifest but for objects and owner.</param>
    /// <param name="sources">The checkpoint's objects.</param>
    /// <param name="runFiles">
    /// Objects of the run itself, by key, written before the manifest: a checkpoint whose metrics are missing could not
    /// be gone on from with the same metrics.
    /// </param>
    /// <param name="appliesRetention">
    /// Asked once the manifest is written: true deletes what the spec does not keep.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    public void Begin(
        CheckpointManifest draft,
        IReadOnlyList<CheckpointSource> sources,
        IReadOnlyDictionary<string, byte[]> runFiles,
        Func<bool> appliesRetention,
        CancellationToken cancellationToken
    )
    {
        if (_inFlight is not null)
        {
            throw new InvalidOperationException("a checkpoint is still on its way");
        }
        _inFlight = Task.Run(
            () => WriteAsync(draft, sources, runFiles, appliesRetention, cancellationToken),
            CancellationToken.None
        );
    }

    /// <summary>Returns the checkpoint in flight if it is durable by now, else null.</summary>
    public PublishedCheckpoint? TryCollect() => _inFlight is { IsCompleted: true } ? Collect() : null;

    /// <summary>Waits for the checkpoint in flight and returns it; null when there is none.</summary>
    public PublishedCheckpoint? Collect()
    {
        if (_inFlight is null)
        {
            return null;
        }
        var task = _inFlight;
        _inFlight = null;
        return Blocking.Await(task);
    }

    /// <summary>Waits for the checkpoint in flight without collecting it; null when there is none.</summary>
#pragma warning disable VSTHRD003 // The task was put on the pool by Begin and needs no context of ours.
    public async Task<CheckpointEntry?> WaitAsync() => _inFlight is { } task ? (await task).Entry : null;
#pragma warning restore VSTHRD003

    /// <summary>Waits for some time until nothing is in flight; false when something still is.</summary>
    public bool TryFinish(TimeSpan limit, TimeProvider clock) =>
        _inFlight is null || Blocking.TryAwait(_inFlight, limit, clock);

    /// <summary>Waits for the checkpoint in flight, whatever becomes of it: its memory is about to be freed.</summary>
    public void Abandon()
    {
        if (_inFlight is not null)
        {
            // Its failure is not the first one: the training thread has one of its own.
            _ = Blocking.Await(Task.WhenAny(_inFlight));
        }
    }

    private async Task<PublishedCheckpoint> WriteAsync(
        CheckpointManifest draft,
        IReadOnlyList<CheckpointSource> sources,
        IReadOnlyDictionary<string, byte[]> runFiles,
        Func<bool> appliesRetention,
        CancellationToken cancellationToken
    )
    {
        await ownership.VerifyAsync(cancellationToken);
        foreach (var (key, content) in runFiles)
        {
            await store.WriteBytesAsync(key, content, cancellationToken: cancellationToken);
        }
        var entry = await _writer.WriteAsync(draft, sources, cancellationToken);
        var deleted = appliesRetention()
            ? await new Retention(store, ownership, keep, published).ApplyAsync(rollbackTarget, cancellationToken)
            : [];
        return new PublishedCheckpoint(entry, deleted);
    }
}
