using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Manifest;

/// <summary>Checks a manifest as a whole: every mistake, each with its field path and the remedy.</summary>
public static class ManifestValidator
{
    /// <summary>Longest name of a run: pod names are built from it.</summary>
    public const int MaxNameLength = 40;

    private const int MaxRules = 16;

    /// <summary>All mistakes; empty for a good manifest.</summary>
    public static IReadOnlyList<SpecMistake> Validate(RunManifest manifest)
    {
        var mistakes = new MistakeList();
        CheckHead(manifest, mistakes);
        CheckStore(manifest.Spec.Store, mistakes);
        CorpusValidator.Check(manifest.Spec.Corpus, mistakes);
        ModelValidator.Check(manifest.Spec, mistakes);
        TrainingValidator.Check(manifest.Spec, mistakes);
        ObjectiveValidator.Check(manifest.Spec, mistakes);
        CheckWorkers(manifest.Spec.Workers, mistakes);
        CheckPods(manifest.Spec, mistakes);
        CheckScheduling(manifest.Spec.Scheduling, mistakes);
        CheckFailurePolicy(manifest.Spec.FailurePolicy, mistakes);
        CheckPeers(manifest.Spec, mistakes);
        CheckControl(manifest.Spec, mistakes);
        return mistakes.All;
    }

    private static void CheckHead(RunManifest manifest, MistakeList mistakes)
    {
        mistakes.Check(
            manifest.ApiVersion == RunManifest.CurrentApiVersion,
            "apiVersion",
            $"must be {RunManifest.CurrentApiVersion}, was '{manifest.ApiVersion}'"
        );
        mistakes.Check(
            manifest.Kind == RunManifest.CurrentKind,
            "kind",
            $"must be {RunManifest.CurrentKind}, was '{manifest.Kind}'"
        );
        CheckName(manifest.Metadata.Name, MaxNameLength, "metadata.name", mistakes);
        CheckName(manifest.Metadata.Namespace, 63, "metadata.namespace", mistakes);
    }

    private static void CheckName(string name, int longest, string path, MistakeList mistakes)
    {
        var isLabel =
            name.Length > 0
            && name.Length <= longest
            && char.IsAsciiLetterLower(name[0])
            && name[^1] != '-'
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        mistakes.Check(
            isLabel,
            path,
            $"must be 1 to {longest} lower-case letters, digits or '-', beginning with a letter, was '{name}'"
        );
    }

    private static void CheckStore(StoreSpec store, MistakeList mistakes)
    {
        var uri = store.Uri;
        mistakes.Check(
            uri.Length == 0
                || uri.StartsWith("s3://", StringComparison.Ordinal)
                || uri.StartsWith("file:///", StringComparison.Ordinal),
            "spec.store.uri",
            $"must be s3://bucket/prefix or file:///folder, was '{uri}'"
        );
        mistakes.Check(
            store.Endpoint.Length == 0 || Uri.TryCreate(store.Endpoint, UriKind.Absolute, out _),
            "spec.store.endpoint",
            $"must be a URL such as https://s3.example.com, was '{store.Endpoint}'"
        );
        mistakes.Check(
            (store.CaBundle.ConfigMap.Length == 0) == (store.CaBundle.Key.Length == 0),
            "spec.store.caBundle",
            "needs both configMap and key, or neither"
        );
    }

    private static void CheckWorkers(WorkersSpec workers, MistakeList mistakes)
    {
        mistakes.AtLeast(workers.Count, 1, "spec.workers.count");
        mistakes.AtLeast(workers.GpusPerPod, 1, "spec.workers.gpusPerPod");
        mistakes.Check(
            workers.GpusPerPod < 1 || workers.Count % workers.GpusPerPod == 0,
            "spec.workers.gpusPerPod",
            $"must divide spec.workers.count ({workers.Count}), was {workers.GpusPerPod}"
        );
        mistakes.AtLeast(workers.Threads ?? 1, 1, "spec.workers.threads");
        CheckMinCount(workers, mistakes);
        Positive(workers.RendezvousTimeout, "spec.workers.rendezvousTimeout", mistakes);
        Positive(workers.TerminationGracePeriod, "spec.workers.terminationGracePeriod", mistakes);
    }

    private static void CheckMinCount(WorkersSpec workers, MistakeList mistakes)
    {
        if (workers.MinCount is not { } least)
        {
            return;
        }

        const string path = "spec.workers.minCount";
        mistakes.AtLeast(least, 1, path);
        mistakes.Check(
            least <= workers.Count,
            path,
            $"must be at most spec.workers.count ({workers.Count}), was {least}"
        );
        mistakes.Check(
            workers.GpusPerPod < 1 || least % workers.GpusPerPod == 0,
            path,
            $"must be a multiple of spec.workers.gpusPerPod ({workers.GpusPerPod}), since a pod's ranks come and go "
                + $"together, was {least}"
        );
    }

    private static void CheckPods(RunSpec spec, MistakeList mistakes)
    {
        var all = spec
            .Stages.Select(s => ($"spec.stages.{s.Key}", s.Value.Resources, s.Value.Template))
            .Prepend(("spec.workers", spec.Workers.Resources, spec.Workers.Template));
        foreach (var (path, resources, template) in all)
        {
            TemplateValidator.Check(resources ?? new ResourcesSpec(), path + ".resources", mistakes);
            TemplateValidator.Check(template ?? new PodTemplateSpec(), path + ".template", mistakes);
        }
    }

    private static void CheckScheduling(SchedulingSpec scheduling, MistakeList mistakes)
    {
        const string path = "spec.scheduling";
        mistakes.Check(
            scheduling.Gang != GangScheduler.Kueue || scheduling.Queue.Length > 0,
            path + ".queue",
            "must name the LocalQueue of the run's namespace that Kueue admits its pods by"
        );
        mistakes.Check(
            scheduling.Queue.Length == 0 || scheduling.Gang is not (GangScheduler.Coscheduling or GangScheduler.Native),
            path + ".queue",
            $"must be left out: gangs of kind {scheduling.Gang} have no queues, was '{scheduling.Queue}'"
        );
        mistakes.Check(
            scheduling.Queue.Length == 0 || KubernetesNames.IsLabel(scheduling.Queue),
            path + ".queue",
            $"must be 1 to 63 lower-case letters, digits or '-', was '{scheduling.Queue}'"
        );
        mistakes.Check(
            scheduling.TopologyKey.Length == 0 || KubernetesNames.IsKey(scheduling.TopologyKey),
            path + ".topologyKey",
            $"must be a node's label such as topology.kubernetes.io/zone, was '{scheduling.TopologyKey}'"
        );
    }

    private static void CheckFailurePolicy(FailurePolicySpec policy, MistakeList mistakes)
    {
        const string path = "spec.failurePolicy";
        mistakes.AtLeast(policy.MaxRestarts, 0, path + ".maxRestarts");
        mistakes.Check(
            policy.Backoff.Initial <= policy.Backoff.Max,
            path + ".backoff.initial",
            "must not be longer than spec.failurePolicy.backoff.max"
        );
        Positive(policy.StartupDeadline, path + ".startupDeadline", mistakes);
        Positive(policy.StallTimeout, path + ".stallTimeout", mistakes);
        mistakes.Check(
            policy.Rules.Count <= MaxRules,
            path + ".rules",
            $"must be at most {MaxRules} rules, was {policy.Rules.Count}"
        );
        for (var i = 0; i < policy.Rules.Count; i++)
        {
            var rule = policy.Rules[i];
            var conditions =
                (rule.OnExitCodes.Count > 0 ? 1 : 0)
                + (rule.OnPodCondition.Length > 0 ? 1 : 0)
                + (rule.OnReason.Length > 0 ? 1 : 0)
                + (rule.OnMessage.Length > 0 ? 1 : 0);
            mistakes.Check(
                conditions == 1,
                $"{path}.rules[{i}]",
                $"needs exactly one of onExitCodes, onPodCondition, onReason, onMessage, has {conditions}"
            );
        }
    }

    private static void CheckPeers(RunSpec spec, MistakeList mistakes)
    {
        if (spec.FailurePolicy.Recovery != RecoveryMode.Peers)
        {
            mistakes.Check(
                spec.Workers.MinCount is null,
                "spec.workers.minCount",
                "needs spec.failurePolicy.recovery Peers: with Gang, ranks cannot go on without one, nor take one in"
            );
            return;
        }

        // None of them was seen to admit a pod into a group that runs.
        mistakes.Unsupported(
            spec.Scheduling.Gang != GangScheduler.None,
            "spec.failurePolicy.recovery",
            $"use Gang with spec.scheduling.gang {spec.Scheduling.Gang}, or Peers with None"
        );
        mistakes.Check(
            spec.FailurePolicy.Backoff.Max < spec.Workers.RendezvousTimeout,
            "spec.failurePolicy.backoff.max",
            "must be shorter than spec.workers.rendezvousTimeout with recovery Peers: the others wait no longer"
        );
    }

    private static void CheckControl(RunSpec spec, MistakeList mistakes)
    {
        mistakes.Check(
            spec.Publish.Promote is PublishSpec.Never or PublishSpec.OnSuccess
                || spec.Publish.Promote.Contains("step-", StringComparison.Ordinal),
            "spec.publish.promote",
            $"must be Never, OnSuccess or a checkpoint such as b1/step-000015000-a1, was '{spec.Publish.Promote}'"
        );
        if (spec.Rollback is { } rollback)
        {
            mistakes.AtLeast(rollback.ToStep, 0, "spec.rollback.toStep");
            mistakes.AtLeast(rollback.SkipSteps, 0, "spec.rollback.skipSteps");
        }

        foreach (
            var stage in spec.Stages.Keys.Where(s => s is not ("corpus" or "tokenizer" or "evaluate" or "publish"))
        )
        {
            mistakes.Add($"spec.stages.{stage}", "unknown stage; known are corpus, tokenizer, evaluate, publish");
        }
    }

    private static void Positive(TimeSpan duration, string path, MistakeList mistakes) =>
        mistakes.Check(duration > TimeSpan.Zero, path, "must be longer than 0s");
}
