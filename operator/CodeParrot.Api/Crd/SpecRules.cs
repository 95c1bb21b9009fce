using CodeParrot.Contract.Manifest;

namespace CodeParrot.Api.Crd;

/// <summary>Rules between fields, the same that the manifest's validator checks.</summary>
internal static class SpecRules
{
    private const string Spec = "spec";

    public static IReadOnlyList<CelRule> All { get; } =
    [
        new(
            "",
            $"self.metadata.name.size() <= {ManifestValidator.MaxNameLength}"
                + " && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
            $"must be 1 to {ManifestValidator.MaxNameLength} lower-case letters, digits or '-', beginning with a"
                + " letter and not ending with '-'",
            ".metadata.name"
        ),
        new(
            Spec,
            "(self.store.caBundle.configMap == '') == (self.store.caBundle.key == '')",
            "needs both configMap and key, or neither",
            ".store.caBundle"
        ),
        new(
            Spec,
            "self.corpus.filters.minBytes <= self.corpus.filters.maxBytes",
            "must be at least minBytes",
            ".corpus.filters.maxBytes"
        ),
        new(
            Spec,
            "!(has(self.tokenizer.train) && has(self.tokenizer.from))",
            "must have either train or from, not both",
            ".tokenizer"
        ),
        .. Model,
        new(
            Spec,
            "!has(self.training.schedule.warmupSteps)"
                + " || self.training.schedule.warmupSteps <= self.training.maxSteps",
            "must be at most training.maxSteps",
            ".training.schedule.warmupSteps"
        ),
        .. HumanEval,
        .. Workers,
        new(
            Spec + ".stages",
            "self.all(stage, stage in ['corpus', 'tokenizer', 'evaluate', 'publish'])",
            "unknown stage; known are corpus, tokenizer, evaluate, publish"
        ),
        .. TemplateRules.At(Spec + ".workers.template"),
        .. TemplateRules.At(Spec + ".stages.*.template"),
        new(
            Spec,
            "self.scheduling.gang != 'Kueue' || self.scheduling.queue != ''",
            "must name the LocalQueue of the run's namespace that Kueue admits its pods by",
            ".scheduling.queue"
        ),
        new(
            Spec,
            "duration(self.failurePolicy.backoff.initial) <= duration(self.failurePolicy.backoff.max)",
            "must not be longer than failurePolicy.backoff.max",
            ".failurePolicy.backoff.initial"
        ),
        Positive(".failurePolicy.startupDeadline"),
        Positive(".failurePolicy.stallTimeout"),
        new(
            Spec + ".failurePolicy.rules[]",
            "[self.onExitCodes.size() > 0, self.onPodCondition != '', self.onReason != '', self.onMessage != '']"
                + ".filter(given, given).size() == 1",
            "needs exactly one of onExitCodes, onPodCondition, onReason, onMessage"
        ),
    ];

    private static IEnumerable<CelRule> Model =>
        [
            new(
                Spec,
                "!has(self.model.from) || !(has(self.model.preset) || has(self.model.layers) || has(self.model.heads)"
                    + " || has(self.model.width) || has(self.model.vocabularySize))",
                "brings its own shape: leave out preset, layers, heads, width and vocabularySize",
                ".model.from"
            ),
            new(
                Spec,
                $"has(self.model.from) || {ModelNumbers.Width("self")} % {ModelNumbers.Heads("self")} == 0",
                "must divide the width",
                ".model.heads"
            ),
            new(
                Spec,
                "!has(self.model.vocabularySize) || !has(self.tokenizer.train)"
                    + " || self.model.vocabularySize >= self.tokenizer.train.vocabularySize",
                "must be at least tokenizer.train.vocabularySize",
                ".model.vocabularySize"
            ),
            new(
                Spec,
                "self.corpus.source.format != 'Tokens' || has(self.model.from) || has(self.model.vocabularySize)"
                    + " || has(self.tokenizer.train) || has(self.tokenizer.from)",
                "must be set when the source holds ready-made tokens and no tokenizer is named",
                ".model.vocabularySize"
            ),
        ];

    private static IEnumerable<CelRule> HumanEval =>
        [
            new(
                Spec,
                "!has(self.evaluation.humanEval) || duration(self.evaluation.humanEval.timeout) > duration('0s')",
                "must be longer than 0s",
                ".evaluation.humanEval.timeout"
            ),
            new(
                Spec,
                "!has(self.evaluation.humanEval) || self.training.objective != 'MaskedLm'",
                "needs a model that continues text: leave it out, or train with CausalLm or SpanCorruption",
                ".evaluation.humanEval"
            ),
            new(
                Spec,
                "!has(self.evaluation.humanEval) || self.corpus.source.format != 'Tokens' || has(self.tokenizer.from)",
                "needs a tokenizer, and ready-made tokens come without one: set tokenizer.from, or leave it out",
                ".evaluation.humanEval"
            ),
        ];

    private static IEnumerable<CelRule> Workers =>
        [
            new(
                Spec,
                "self.workers.count % self.workers.gpusPerPod == 0",
                "must divide workers.count",
                ".workers.gpusPerPod"
            ),
            new(
                Spec,
                "!has(self.workers.minCount) || self.workers.minCount <= self.workers.count",
                "must be at most workers.count",
                ".workers.minCount"
            ),
            new(
                Spec,
                "!has(self.workers.minCount) || self.workers.minCount % self.workers.gpusPerPod == 0",
                "must be a multiple of workers.gpusPerPod: a pod's ranks come and go together",
                ".workers.minCount"
            ),
            new(
                Spec,
                "!has(self.workers.minCount) || self.failurePolicy.recovery == 'Peers'",
                "needs failurePolicy.recovery Peers: with Gang, ranks cannot go on without one, nor take one in",
                ".workers.minCount"
            ),
            Positive(".workers.rendezvousTimeout"),
            Positive(".workers.terminationGracePeriod"),
        ];

    private static CelRule Positive(string field) =>
        new(Spec, $"duration(self{field}) > duration('0s')", "must be longer than 0s", field);
}
