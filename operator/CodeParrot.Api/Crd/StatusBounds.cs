using static CodeParrot.Api.Crd.FieldBounds;

namespace CodeParrot.Api.Crd;

/// <summary>
/// Bounds of the status, by path as in <see cref="SpecBounds"/>. They are wide: a status that the server refuses
/// would stop the run.
/// </summary>
internal static class StatusBounds
{
    private const int ShortText = 1024;
    private const int LongText = 32768;

    private static readonly FieldBounds Count = Whole(0);
    private static readonly FieldBounds LongCount = Whole(0, MaxExact);
    private static readonly FieldBounds Code = Whole(int.MinValue);
    private static readonly FieldBounds AnyNumber = new();

    public static IReadOnlyDictionary<string, FieldBounds> All { get; } =
        new Dictionary<string, FieldBounds>
        {
            ["status.conditions"] = Items(32) with { ListKey = "type" },
            ["status.conditions[].type"] = Text(316, least: 1) with { Required = true },
            ["status.conditions[].status"] = Text(16) with { Names = ["True", "False", "Unknown"], Required = true },
            ["status.conditions[].reason"] = Text(ShortText),
            ["status.conditions[].message"] = Text(LongText),
            ["status.conditions[].observedGeneration"] = LongCount,

            ["status.attempt"] = Count,
            ["status.restarts"] = Count,
            ["status.budget.counted"] = Count,
            ["status.budget.free"] = Count,
            ["status.budget.checkpoint"] = Text(ShortText),
            ["status.stage"] = Text(64),
            ["status.stages"] = Entries(16),
            ["status.stages.*.attempt"] = Count,
            ["status.stages.*.outputs"] = Entries(64),
            ["status.stages.*.outputs.*"] = Text(LongText),
            ["status.specHash"] = Text(64),
            ["status.recipe"] = Text(64),
            ["status.pendingChange"] = Text(ShortText),
            ["status.identity"] = Text(64),
            ["status.gang.pods"] = Count,
            ["status.gang.minPods"] = Count,
            ["status.gang.ranksPerPod"] = Count,
            ["status.gang.threads"] = Count,
            ["status.gang.corpusPods"] = Count,
            ["status.gang.lastStep"] = LongCount,
            ["status.gang.generation"] = Count,
            ["status.gang.replacing"] = Items(65536),
            ["status.gang.replacing[].podIndex"] = Count,
            ["status.gang.replacing[].generation"] = Count,
            ["status.gang.rendezvousKey"] = Text(256),
            ["status.workers.desired"] = Count,
            ["status.workers.ready"] = Count,
            ["status.workers.failed"] = Count,
            ["status.workers.summary"] = Text(64),

            ["status.progress.stage"] = Text(64),
            ["status.progress.step"] = LongCount,
            ["status.progress.maxSteps"] = LongCount,
            ["status.progress.tokens"] = LongCount,
            ["status.progress.loss"] = AnyNumber,
            ["status.progress.evalLoss"] = AnyNumber,
            ["status.progress.perplexity"] = AnyNumber,
            ["status.progress.tokensPerSecond"] = AnyNumber,
            ["status.progress.mfu"] = AnyNumber,

            ["status.checkpoints"] = Items(256),
            ["status.checkpoints[].name"] = Text(256),
            ["status.checkpoints[].branch"] = Text(256),
            ["status.checkpoints[].step"] = LongCount,
            ["status.checkpoints[].loss"] = AnyNumber,
            ["status.checkpoints[].evalLoss"] = AnyNumber,
            ["status.checkpoints[].bytes"] = LongCount,
            ["status.checkpoints[].digest"] = Text(64),
            ["status.latestCheckpoint"] = Text(256),
            ["status.network.transport"] = Text(256),
            ["status.branch"] = Text(256),
            ["status.startFrom.checkpoint"] = Text(ShortText),
            ["status.startFrom.skipSteps"] = Count,
            ["status.published"] = Text(ShortText),

            ["status.lastFailure.rank"] = Whole(-1),
            ["status.lastFailure.node"] = Text(ShortText),
            ["status.lastFailure.reason"] = Text(ShortText),
            ["status.lastFailure.exitCode"] = Code,
            ["status.lastFailure.message"] = Text(LongText),
            ["status.lastFailure.pod"] = Text(ShortText),

            ["status.attempts"] = Items(64),
            ["status.attempts[].number"] = Count,
            ["status.attempts[].stage"] = Text(64),
            ["status.attempts[].branch"] = Text(256),
            ["status.attempts[].reason"] = Text(LongText),
            ["status.attempts[].exitCode"] = Code,
            ["status.attempts[].replacements"] = Count,
            ["status.attempts[].lastStep"] = LongCount,

            ["status.rollback.value.toStep"] = LongCount,
            ["status.rollback.value.skipSteps"] = Count,
            ["status.rollback.value.nonce"] = Text(64),
            ["status.rollback.result"] = Text(ShortText),
            ["status.rollback.attempt"] = Count,
            ["status.checkpointRequest.nonce"] = Text(64),
            ["status.checkpointRequest.checkpoint"] = Text(ShortText),
            ["status.checkpointRequest.result"] = Text(ShortText),
            ["status.promotion.value"] = Text(ShortText),
            ["status.promotion.result"] = Text(ShortText),
            ["status.promotion.message"] = Text(LongText),
            ["status.promotion.number"] = Count,
            ["status.promotion.tries"] = Count,
            ["status.cleanup.tries"] = Count,
            ["status.cleanup.result"] = Text(ShortText),
            ["status.cleanup.message"] = Text(LongText),
            ["status.excludedNodes"] = Items(256),
            ["status.excludedNodes[]"] = Text(253),
        };
}
