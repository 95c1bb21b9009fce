using CodeParrot.Checkpoints;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Training.Recovery;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Engine;

/// <summary>Claims the run and finds out where a round goes on from.</summary>
internal sealed class RunStart
{
    private RunStart(RunLocation run) => Run = run;

    /// <summary>Gets where the run stands.</summary>
    public RunLocation Run { get; }

    /// <summary>
    /// Gets the claim; null on ranks other than 0, which write nothing, and where it is held already.
    /// </summary>
    public RunOwnership? Ownership { get; private init; }

    /// <summary>
    /// Gets the checkpoint to go on from; null for a fresh start. Where the run is in a rank's memory, the newest one
    /// that a new rank 0 finds.
    /// </summary>
    public CheckpointEntry? Checkpoint { get; private init; }

    /// <summary>Gets the newest checkpoints, the same on all ranks.</summary>
    public required KnownCheckpoints Known { get; init; }

    /// <summary>
    /// Gets every checkpoint that the store holds, <c>branch/name</c>; null on ranks other than 0, and where the claim
    /// is held already.
    /// </summary>
    public IReadOnlyList<string>? Stored { get; private init; }

    /// <summary>Gets what matrix products are computed in.</summary>
    public required Precision Precision { get; init; }

    /// <summary>Gets the state of the rank whose memory the round goes on from; null for none.</summary>
    public HeldState? Held { get; private init; }

    /// <summary>Decides on rank 0, and returns the same decision on all ranks.</summary>
    /// <param name="context">The attempt, and its round.</param>
    /// <param name="memory">What this rank holds from the round before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CheckpointCorruptException">This rank sees another checkpoint than rank 0.</exception>
    public static RunStart Decide(TrainingContext context, RankMemory memory, CancellationToken cancellationToken)
    {
        var metadata = context.Manifest.Metadata;
        var run = new RunLocation(metadata.Namespace, metadata.Name);
        return context.StateSource < 0
            ? OfCheckpoint(context, run, memory, cancellationToken)
            : OfMemory(context, run, memory, cancellationToken);
    }

    /// <summary>Returns how far the run is at the start of the round.</summary>
    public RunPosition PositionFor(TrainingContext context)
    {
        if (Held is { } held)
        {
            return held.Position;
        }
        if (Checkpoint is null)
        {
            return RunPosition.Start;
        }
        var manifest = Checkpoint.Manifest;
        // Data is left out once, where the branch begins; later checkpoints of the branch have it in their cursor.
        var skipped = manifest.Branch == context.Branch ? 0 : context.SkipSteps;
        return new RunPosition(
            manifest.Step,
            manifest.DataStep + skipped,
            manifest.Samples,
            manifest.Tokens,
            manifest.Loss,
            manifest.EvalLoss,
            EvalStep: -1
        );
    }

    private static RunStart OfCheckpoint(
        TrainingContext context,
        RunLocation run,
        RankMemory memory,
        CancellationToken cancellationToken
    )
    {
        RunOwnership? ownership = null;
        IReadOnlyList<string>? stored = null;
        var decision = RootWork.Run(
            context.Group,
            context.Time,
            async () =>
            {
                if (memory.Run is { } left)
                {
                    // What was on its way when a rank was lost may be the newest by now.
                    await left.Keeper.WaitAsync();
                }
                ownership = await ClaimAsync(context, run, cancellationToken);
                stored = await new CheckpointCatalog(context.Store, run).ListReferencesAsync(cancellationToken);
                return await DecideAsync(context, run, cancellationToken);
            }
        );
        foreach (var warning in decision.Warnings)
        {
            context.Observer.Warning(warning);
        }
        var entry = decision.Checkpoint.Length == 0 ? null : Find(context, run, decision, cancellationToken);
        return new RunStart(run)
        {
            Ownership = ownership,
            Stored = stored,
            Checkpoint = entry,
            Known = new KnownCheckpoints(decision.Checkpoint, KnownCheckpoint.Of(entry)),
            Precision = decision.Precision,
        };
    }

    private static CheckpointEntry Find(
        TrainingContext context,
        RunLocation run,
        StartDecision decision,
        CancellationToken cancellationToken
    )
    {
        var catalog = new CheckpointCatalog(context.Store, run);
        var entry = Blocking.Run(() => catalog.GetAsync(decision.Checkpoint, cancellationToken));
        return entry.Digest == decision.Digest
            ? entry
            : throw new CheckpointCorruptException(
                entry.ManifestKey,
                $"the manifest that rank 0 sees, SHA-256 {decision.Digest}",
                entry.Digest
            );
    }

    private static RunStart OfMemory(
        TrainingContext context,
        RunLocation run,
        RankMemory memory,
        CancellationToken cancellationToken
    )
    {
        var held = RootWork.Run(
            context.Group,
            context.Time,
            () => Task.FromResult(memory.Run!.Describe()),
            context.StateSource
        );
        RunOwnership? ownership = null;
        IReadOnlyList<string>? stored = null;
        CheckpointEntry? entry = null;
        var known = RootWork.Run(
            context.Group,
            context.Time,
            async () =>
            {
                if (memory.Run is { } own)
                {
                    return own.Keeper.Known;
                }
                ownership = await ClaimAsync(context, run, cancellationToken);
                stored = await new CheckpointCatalog(context.Store, run).ListReferencesAsync(cancellationToken);
                entry = await FindNewestAsync(context, run, held, cancellationToken);
                return new KnownCheckpoints(entry?.Reference ?? "", KnownCheckpoint.Of(entry));
            }
        );
        return new RunStart(run)
        {
            Ownership = ownership,
            Stored = stored,
            Checkpoint = entry,
            Known = known,
            Precision = held.Precision,
            Held = held,
        };
    }

    /// <summary>
    /// The newest checkpoint by its manifest alone, as a new rank 0 needs it: what this attempt committed, or else what
    /// the attempt began with, which was verified then.
    /// </summary>
    private static async Task<CheckpointEntry?> FindNewestAsync(
        TrainingContext context,
        RunLocation run,
        HeldState held,
        CancellationToken cancellationToken
    )
    {
        var catalog = new CheckpointCatalog(context.Store, run);
        var newest = (await catalog.ListAsync(context.Branch, cancellationToken)).FirstOrDefault(entry =>
            entry.Manifest.Attempt == context.Attempt && entry.Manifest.Step <= held.Position.Step
        );
        var known = held.Checkpoints.Newest;
        return newest ?? (known.Length == 0 ? null : await catalog.GetAsync(known, cancellationToken));
    }

    private static async Task<RunOwnership> ClaimAsync(
        TrainingContext context,
        RunLocation run,
        CancellationToken cancellationToken
    )
    {
        var self = new RunOwner(context.RunUid, context.Attempt, context.Generation);
        var ownership = await RunOwnership.ClaimAsync(context.Store, run, self, context.AdoptStore, cancellationToken);
        await Leftovers.SweepAsync(context.Store, ownership, cancellationToken);
        return ownership;
    }

    private static async Task<StartDecision> DecideAsync(
        TrainingContext context,
        RunLocation run,
        CancellationToken cancellationToken
    )
    {
        var warnings = new List<string>();
        var catalog = new CheckpointCatalog(
            context.Store,
            run,
            damaged => warnings.Add($"skipped a checkpoint: {damaged.Message}")
        );
        var entry = await catalog.ResolveStartAsync(context.Branch, context.StartFrom, cancellationToken);
        var precision = Precisions.ComputedOf(context);
        return new StartDecision(entry?.Reference ?? "", entry?.Digest ?? "", warnings, precision);
    }
}
