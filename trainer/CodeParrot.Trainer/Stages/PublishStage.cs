using CodeParrot.Checkpoints;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Stages;

/// <summary>Checkpoint → published model: verifies the chosen checkpoint and lets the refs name it.</summary>
internal static class PublishStage
{
    public static async Task<StageResult> RunAsync(StageContext context, CancellationToken cancellationToken)
    {
        var run = context.Run;
        var promote = context.Spec.Publish.Promote;
        context.Report("verifying the checkpoint", 0, 1, "checkpoints", now: true);
        var entry = promote is PublishSpec.OnSuccess or PublishSpec.Never
            ? await run.FindCurrentAsync(context.Environment, cancellationToken)
            : await run.FindAsync(promote, cancellationToken);
        await CheckpointVerifier.VerifyAsync(context.Store, entry, cancellationToken);
        var outputs = new Dictionary<string, string>
        {
            ["checkpoint"] = entry.Reference,
            ["modelFolder"] = run.FolderOf(entry),
        };
        if (promote == PublishSpec.Never)
        {
            return new StageResult(ExitCode.Done, $"{entry.Reference} is whole; nothing is promoted", outputs);
        }

        await run.PromoteAsync(entry, context.Time, cancellationToken);
        outputs["published"] = entry.Reference;
        context.Report("published", 1, 1, "checkpoints", now: true);
        return new StageResult(ExitCode.Done, $"{entry.Reference} is published", outputs)
        {
            Step = entry.Manifest.Step,
        };
    }
}
