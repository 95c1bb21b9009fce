using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Plugin;

/// <summary>Progress as the status holds it, in the words of a pod's own answer.</summary>
internal static class StatusProgress
{
    /// <summary>The progress; null while there is none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="ranks">Its gang.</param>
    public static RunProgress? Of(TrainingRun run, IReadOnlyList<RankProgress> ranks)
    {
        var status = run.Status;
        var current = status.Progress is { } p && p.Stage == status.Stage ? p : null;
        return current is null && ranks.Count == 0
            ? null
            : new RunProgress
            {
                RunUid = run.Metadata.Uid,
                Attempt = status.Attempt,
                Stage = status.Stage,
                Step = current?.Step ?? 0,
                MaxSteps = current?.MaxSteps ?? 0,
                Unit = status.Stage == StageNames.Train ? "steps" : "items",
                Tokens = current?.Tokens ?? 0,
                Loss = current?.Loss,
                EvalLoss = current?.EvalLoss,
                Perplexity = current?.Perplexity,
                TokensPerSecond = current?.TokensPerSecond,
                Mfu = current?.Mfu,
                EtaSeconds = current?.Eta?.TotalSeconds,
                Ranks = ranks,
                UpdatedAt = current?.UpdatedAt ?? default,
            };
    }
}
