using CodeParrot.Contract.Manifest;
using static CodeParrot.Api.Crd.FieldBounds;

namespace CodeParrot.Api.Crd;

/// <summary>
/// Bounds of every text, number, list and map of the spec, by path: <c>[]</c> are a list's items, <c>*</c> a map's
/// values. Where the manifest's validator knows a bound, it is the same; the rest bounds the size of an object.
/// </summary>
internal static class SpecBounds
{
    private const int UriLength = 1024;
    private const int NameLength = 253;

    // What the validator takes as a number of any size.
    private static readonly FieldBounds AnyLong = Whole(-MaxExact, MaxExact);

    public static IReadOnlyDictionary<string, FieldBounds> All { get; } =
        new Dictionary<string, FieldBounds>(PodBounds.Below("spec.workers").Concat(PodBounds.Below("spec.stages.*")))
        {
            ["spec.store.uri"] = Text(UriLength) with { Pattern = "^($|s3://|file:///)" },
            ["spec.store.endpoint"] = Text(UriLength) with { Pattern = "^($|https?://.)" },
            ["spec.store.region"] = Text(64),
            ["spec.store.credentialsSecret"] = Text(NameLength),
            ["spec.store.caBundle.configMap"] = Text(NameLength),
            ["spec.store.caBundle.key"] = Text(NameLength),

            ["spec.corpus.source.uri"] = Text(UriLength, least: 1) with
            {
                Required = true,
            },
            ["spec.corpus.source.endpoint"] = Text(UriLength) with { Pattern = "^($|https?://.)" },
            ["spec.corpus.include"] = Text(256, least: 1),
            ["spec.corpus.filters.minBytes"] = Whole(0),
            ["spec.corpus.filters.maxBytes"] = Whole(0),
            ["spec.corpus.filters.maxLineLength"] = Whole(1),
            ["spec.corpus.filters.maxMeanLineLength"] = Number(1),
            ["spec.corpus.filters.minAlphanumericFraction"] = Number(0, 1),
            ["spec.corpus.licenses.allow"] = Items(64),
            ["spec.corpus.licenses.allow[]"] = Text(64),
            ["spec.corpus.deduplicate.near.similarity"] = Number(0, 1),
            ["spec.corpus.deduplicate.near.permutations"] = Whole(1, 4096),
            ["spec.corpus.decontaminate"] = Items(32),
            ["spec.corpus.decontaminate[]"] = Text(UriLength, least: 1),
            ["spec.corpus.validationFraction"] = Number(0, 0.5),
            ["spec.corpus.maxBadDocuments"] = Whole(0),
            ["spec.corpus.workers"] = Whole(1),

            ["spec.tokenizer.train.vocabularySize"] = Whole(257, 65536),
            ["spec.tokenizer.train.documents"] = Whole(1),
            ["spec.tokenizer.from"] = Text(UriLength, least: 1),

            ["spec.model.preset"] = Text(16) with
            {
                Names = [.. ModelPreset.All.Select(p => p.Name)],
            },
            ["spec.model.layers"] = Whole(1),
            ["spec.model.heads"] = Whole(1),
            ["spec.model.width"] = Whole(1),
            ["spec.model.contextLength"] = Whole(2),
            ["spec.model.vocabularySize"] = Whole(1),
            ["spec.model.dropout"] = Number(0, 1) with { ExclusiveMaximum = true },
            ["spec.model.from"] = Text(UriLength, least: 1),

            ["spec.training.batchSize"] = Whole(1),
            ["spec.training.gradientAccumulation"] = Whole(1),
            ["spec.training.maxSteps"] = Whole(1),
            ["spec.training.learningRate"] = Number(0) with { ExclusiveMinimum = true },
            ["spec.training.schedule.warmupSteps"] = Whole(0),
            ["spec.training.weightDecay"] = Number(0),
            ["spec.training.gradientClip"] = Number(0),
            ["spec.training.data.shuffleBuffer"] = Whole(1, 1024 * 1024),
            ["spec.training.seed"] = AnyLong,
            ["spec.training.guards.maxBadSteps"] = Whole(1),
            ["spec.training.guards.spikes.windowSteps"] = Whole(16, 8192),
            ["spec.training.guards.spikes.lossZScore"] = Number(0),
            ["spec.training.guards.spikes.gradientNormZScore"] = Number(0),
            ["spec.training.guards.spikes.patience"] = Whole(1),

            ["spec.evaluation.everySteps"] = Whole(0),
            ["spec.evaluation.maxSteps"] = Whole(-1),
            ["spec.evaluation.prompts"] = Items(64),
            ["spec.evaluation.prompts[]"] = Text(8192),
            ["spec.evaluation.humanEval.problems"] = Text(UriLength, least: 1) with { Required = true },
            ["spec.evaluation.humanEval.digest"] = Text(64) with { Pattern = "^($|[0-9a-fA-F]{64}$)" },
            ["spec.evaluation.humanEval.samples"] = Whole(1),
            ["spec.evaluation.humanEval.maxNewTokens"] = Whole(1),
            ["spec.evaluation.humanEval.temperature"] = Number(0) with { ExclusiveMinimum = true },
            ["spec.evaluation.humanEval.topP"] = Number(0, 1) with { ExclusiveMinimum = true },

            ["spec.checkpoints.everySteps"] = Whole(1),
            ["spec.checkpoints.keep.last"] = Whole(1),
            ["spec.checkpoints.keep.everySteps"] = Whole(0),
            ["spec.checkpoints.keep.best"] = Whole(0),
            ["spec.checkpoints.requestNonce"] = Text(64),
            ["spec.publish.promote"] = Text(256, least: 1),

            ["spec.workers.count"] = Whole(1),
            ["spec.workers.gpusPerPod"] = Whole(1),
            ["spec.workers.minCount"] = Whole(1),
            ["spec.workers.threads"] = Whole(1),

            ["spec.stages"] = Entries(4),

            ["spec.failurePolicy.maxRestarts"] = Whole(0),
            ["spec.failurePolicy.rules"] = Items(16),
            ["spec.failurePolicy.rules[].onExitCodes"] = Items(32),
            ["spec.failurePolicy.rules[].onExitCodes[]"] = Whole(0, 255),
            ["spec.failurePolicy.rules[].onPodCondition"] = Text(316),
            ["spec.failurePolicy.rules[].onReason"] = Text(256),
            ["spec.failurePolicy.rules[].onMessage"] = Text(1024),
            ["spec.scheduling.queue"] = Text(63) with { Pattern = "^($|[a-z0-9]([-a-z0-9]*[a-z0-9])?$)" },
            ["spec.scheduling.topologyKey"] = Text(317),

            ["spec.rollback.toStep"] = Whole(0, MaxExact),
            ["spec.rollback.skipSteps"] = Whole(0),
            ["spec.rollback.nonce"] = Text(64),
        };
}
