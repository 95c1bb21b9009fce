namespace CodeParrot.Api.Tests.Crd;

/// <summary>
/// Manifests, each by a field that is set in the smallest good one, and what the schema must say about them. A server
/// that evaluates rules judges the same table.
/// </summary>
public static class JudgedManifests
{
    private const string Template = """
        {
          "labels": { "team": "research" },
          "image": "registry.example.com/codeparrot:1",
          "imagePullPolicy": "Always",
          "imagePullSecrets": [{ "name": "pull" }],
          "nodeSelector": { "gpu": "h100" },
          "tolerations": [{ "key": "gpu", "operator": "Exists" }],
          "affinity": { "nodeAffinity": {} },
          "volumes": [{ "name": "cache", "emptyDir": {} }],
          "volumeMounts": [{ "name": "cache", "mountPath": "/tmp/cache" }],
          "env": [{ "name": "NCCL_DEBUG", "value": "INFO" }],
          "securityContext": { "runAsUser": 5 }
        }
        """;

    public static TheoryData<string, string> GoodFields =>
        new()
        {
            { "spec.store.uri", "\"s3://models/codeparrot\"" },
            { "spec.store.uri", "\"file:///models\"" },
            { "spec.store.uri", "\"\"" },
            { "spec.store.endpoint", "\"https://s3.example.com\"" },
            { "spec.store.caBundle", """{ "configMap": "ca", "key": "ca.crt" }""" },
            { "spec.corpus.filters", """{ "minBytes": 5, "maxBytes": 5 }""" },
            { "spec.corpus.licenses.allow", """["mit", "apache-2.0"]""" },
            { "spec.tokenizer", """{ "from": "s3://models/tokenizers/codeparrot" }""" },
            { "spec.tokenizer", """{ "train": {} }""" },
            { "spec.model", """{ "preset": "gpt2-xl", "heads": 20 }""" },
            { "spec.model", """{ "from": "s3://models/gpt2", "contextLength": 512 }""" },
            { "spec.training", """{ "maxSteps": 5, "schedule": { "warmupSteps": 5 } }""" },
            { "spec.training.learningRate", "1e-300" },
            { "spec.training.seed", "-7" },
            { "spec.publish.promote", "\"step-000015000-a1\"" },
            {
                "spec.workers",
                """{ "count": 16, "gpusPerPod": 8, "resources": { "limits": { "nvidia.com/gpu": 8 } } }"""
            },
            {
                "spec.workers.resources",
                """{ "limits": { "cpu": "0.5", "memory": "1.5Gi" }, "requests": { "cpu": "5e-1" } }"""
            },
            { "spec.workers.template", Template },
            { "spec.workers.sharedMemory", "17179869184" },
            { "spec.scheduling", """{ "gang": "Kueue", "queue": "research" }""" },
            { "spec.scheduling", """{ "gang": "Volcano", "topologyKey": "topology.kubernetes.io/zone" }""" },
            { "spec.workers.rendezvousTimeout", "\"1h30m\"" },
            { "spec.workers.rendezvousTimeout", "\"1.5h\"" },
            { "spec.workers.rendezvousTimeout", "\".5s\"" },
            { "spec.stages", """{ "corpus": { "template": { "env": [] } }, "publish": {} }""" },
            { "spec.failurePolicy.backoff", """{ "initial": "5m", "max": "300s" }""" },
            { "spec.failurePolicy.rules", """[{ "onExitCodes": [40], "action": "Rollback" }]""" },
            { "spec.failurePolicy.rules", """[{ "onMessage": "ECC" }, { "onReason": "OOMKilled" }]""" },
            { "spec.failurePolicy.totalDeadline", "\"0s\"" },
            { "spec.rollback", "{}" },
            { "spec.rollback", """{ "toStep": 9007199254740991, "nonce": "again" }""" },
            { "spec.ttlAfterFinished", "\"24h\"" },
        };

    public static TheoryData<string, string> RefusedByBounds =>
        new()
        {
            { "spec.store.uri", "\"gs://models\"" },
            { "spec.store.uri", "\"file://models\"" },
            { "spec.store.endpoint", "\"s3.example.com\"" },
            { "spec.store.surprise", "1" },
            { "spec.corpus.source.uri", "\"\"" },
            { "spec.corpus.source.format", "\"jsonlines\"" },
            { "spec.corpus.include", "\"\"" },
            { "spec.model.preset", "\"gpt3\"" },
            { "spec.model.layers", "1.5" },
            { "spec.training.maxSteps", "\"many\"" },
            { "spec.training.maxSteps", "2147483648" },
            { "spec.training.precision", "\"bf16\"" },
            { "spec.training.gradientCheckpointing", "\"perhaps\"" },
            { "spec.publish.promote", "\"\"" },
            { "spec.workers.resources", "5" },
            { "spec.workers.resources.limits.memory", "\"8GB\"" },
            { "spec.workers.resources.limits.memory", "\"-1\"" },
            { "spec.workers.resources.surprise", "{}" },
            { "spec.workers.sharedMemory", "\"\"" },
            { "spec.workers.template.hostNetwork", "true" },
            { "spec.workers.template.imagePullPolicy", "\"Sometimes\"" },
            { "spec.workers.template.env", "{}" },
            { "spec.scheduling.queue", "\"Research\"" },
            { "spec.workers.rendezvousTimeout", "\"10\"" },
            { "spec.workers.rendezvousTimeout", "\"1d\"" },
            { "spec.workers.rendezvousTimeout", "\"-5m\"" },
            { "spec.workers.rendezvousTimeout", "\"\"" },
            { "spec.failurePolicy.rules", RuleList(17) },
            { "spec.failurePolicy.backoff.max", "\"1.2.3s\"" },
        };

    public static TheoryData<string, string, string> RefusedByRules =>
        new()
        {
            { "metadata.name", "\"9lives\"", "metadata.name" },
            { "metadata.name", "\"Small\"", "metadata.name" },
            { "metadata.name", "\"small-\"", "metadata.name" },
            { "spec.store.caBundle", """{ "configMap": "ca" }""", "spec.store.caBundle" },
            { "spec.store.caBundle", """{ "key": "ca.crt" }""", "spec.store.caBundle" },
            { "spec.corpus.filters", """{ "minBytes": 6, "maxBytes": 5 }""", "spec.corpus.filters.maxBytes" },
            { "spec.tokenizer", """{ "from": "s3://a/b", "train": {} }""", "spec.tokenizer" },
            { "spec.model", """{ "preset": "gpt2-xl", "heads": 12 }""", "spec.model.heads" },
            { "spec.model", """{ "width": 100 }""", "spec.model.heads" },
            { "spec.model", """{ "from": "s3://a/b", "preset": "gpt2" }""", "spec.model.from" },
            { "spec.model", """{ "from": "s3://a/b", "vocabularySize": 300 }""", "spec.model.from" },
            { "spec.corpus.source.format", "\"Tokens\"", "spec.model.vocabularySize" },
            {
                "spec.training",
                """{ "maxSteps": 5, "schedule": { "warmupSteps": 6 } }""",
                "spec.training.schedule.warmupSteps"
            },
            {
                "spec.workers.template",
                """{ "labels": { "codeparrot.dev/run": "other" } }""",
                "spec.workers.template.labels"
            },
            {
                "spec.workers.template",
                """{ "annotations": { "kueue.x-k8s.io/retriable-in-group": "true" } }""",
                "spec.workers.template.annotations"
            },
            { "spec.workers.template", """{ "env": [{ "name": "RANK" }] }""", "spec.workers.template.env" },
            {
                "spec.workers.template",
                """{ "env": [{ "name": "CODEPARROT_NEW", "value": "1" }] }""",
                "spec.workers.template.env"
            },
            {
                "spec.workers.template",
                """{ "volumes": [{ "name": "codeparrot-work" }] }""",
                "spec.workers.template.volumes"
            },
            {
                "spec.workers.template",
                """{ "volumeMounts": [{ "name": "mine", "mountPath": "/dev/shm" }] }""",
                "spec.workers.template.volumeMounts"
            },
            {
                "spec.stages",
                """{ "publish": { "template": { "labels": { "app.kubernetes.io/managed-by": "me" } } } }""",
                "spec.stages.*.template.labels"
            },
            {
                "spec.stages",
                """{ "publish": { "template": { "annotations": { "codeparrot.dev/spec-hash": "0" } } } }""",
                "spec.stages.*.template.annotations"
            },
            {
                "spec.stages",
                """{ "publish": { "template": { "env": [{ "name": "OMP_NUM_THREADS" }] } } }""",
                "spec.stages.*.template.env"
            },
            {
                "spec.stages",
                """{ "publish": { "template": { "volumes": [{ "name": "codeparrot-x" }] } } }""",
                "spec.stages.*.template.volumes"
            },
            {
                "spec.stages",
                """{ "publish": { "template": { "volumeMounts": [{ "name": "x", "mountPath": "//tmp/" }] } } }""",
                "spec.stages.*.template.volumeMounts"
            },
            { "spec.scheduling", """{ "gang": "Kueue" }""", "spec.scheduling.queue" },
            { "spec.workers", """{ "count": 6, "gpusPerPod": 4 }""", "spec.workers.gpusPerPod" },
            { "spec.workers.rendezvousTimeout", "\"0s\"", "spec.workers.rendezvousTimeout" },
            { "spec.workers.terminationGracePeriod", "\"0h0m\"", "spec.workers.terminationGracePeriod" },
            { "spec.failurePolicy.startupDeadline", "\"0s\"", "spec.failurePolicy.startupDeadline" },
            { "spec.failurePolicy.stallTimeout", "\"0s\"", "spec.failurePolicy.stallTimeout" },
            {
                "spec.failurePolicy.backoff",
                """{ "initial": "6m", "max": "5m" }""",
                "spec.failurePolicy.backoff.initial"
            },
            { "spec.failurePolicy.rules", "[{}]", "spec.failurePolicy.rules[]" },
            {
                "spec.failurePolicy.rules",
                """[{ "onReason": "OOMKilled", "onExitCodes": [137] }]""",
                "spec.failurePolicy.rules[]"
            },
            { "spec.stages", """{ "train": {} }""", "spec.stages" },
        };

    /// <summary>Where the schema refuses what the validator takes: it may be loosened later, never tightened.</summary>
    public static TheoryData<string, string> Stricter =>
        new()
        {
            { "spec.store.endpoint", "\"ftp://s3.example.com\"" },
            { "spec.model.from", "\"\"" },
            { "spec.tokenizer.from", "\"\"" },
            { "spec.workers.rendezvousTimeout", "\" 5m\"" },
            { "spec.workers.sharedMemory", $"\"1.{new string('0', 31)}\"" },
            { "spec.workers.resources", """{ "limits": { "cpu": 0.5 } }""" },
            { "spec.failurePolicy.rules", """[{ "onExitCodes": [256] }]""" },
        };

    private static string RuleList(int count) =>
        $"[{string.Join(',', Enumerable.Repeat("""{ "onReason": "Error" }""", count))}]";
}
