using CodeParrot.Checkpoints;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Engine;

/// <summary>Claims the run and finds out where this attempt goes on from.</summary>
internal sealed class RunStart
{
    private RunStart(RunLocation run, RunOwnership? ownership, CheckpointEntry? checkpoint, Precision precision)
    {
        Precision = precision;
        Run = run;
        Ownership = ownership;
        Checkpoint = checkpoint;
    }

    /// <summary>Gets where the run stands.</summary>
    public RunLocation Run { get; }

    /// <summary>Gets the claim; null on ranks other than 0, which write nothing.</summary>
    public RunOwnership? Ownership { get; }

    /// <summary>Gets the checkpoint to go on from; null for a fresh start.</summary>
    public CheckpointEntry? Checkpoint { get; }

    /// <summary>Gets what matrix products are computed in.</summary>
    public Precision Precision { get; }

    /// <summary>Decides on rank 0, and returns the same decision on all ranks.</summary>
    /// <exception cref="CheckpointCorruptException">This rank sees another checkpoint than rank 0.</exception>
    public static RunStart Decide(TrainingContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Manifest.Metadata;
        var run = new RunLocation(metadata.Namespace, metadata.Name);
        RunOwnership? ownership = null;
        var decision = RootWork.Run(
            context.Group,
            context.Time,
            async () =>
            {
                ownership = await ClaimAsync(context, run, cancellationToken);
                return await DecideAsync(context, run, cancellationToken);
            }
        );
        foreach (var warning in decision.Warnings)
        {
            context.Observer.Warning(warning);
        }
        if (decision.Checkpoint.Length == 0)
        {
            return new RunStart(run, ownership, checkpoint: null, decision.Precision);
        }
        var catalog = new CheckpointCatalog(context.Store, run);
        var entry = Blocking.Run(() => catalog.GetAsync(decision.Checkpoint, cancellationToken));
        return entry.Digest == decision.Digest
            ? new RunStart(run, ownership, entry, decision.Precision)
            : throw new CheckpointCorruptException(
                entry.ManifestKey,
                $"the manifest that rank 0 sees, SHA-256 {decision.Digest}",
                entry.Digest
            );
    }

    /// <summary>Returns how far the run is at the start of the attempt.</summary>
    public RunPosition PositionFor(TrainingContext context)
    {
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

    private static async Task<RunOwnership> ClaimAsync(
        TrainingContext context,
        RunLocation run,
        CancellationToken cancellationToken
    )
    {
        var self = new RunOwner(context.RunUid, context.Attempt);
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
