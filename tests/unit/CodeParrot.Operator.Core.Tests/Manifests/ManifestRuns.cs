using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Manifests;

/// <summary>Runs in the midst of an attempt, and their pods.</summary>
internal static class ManifestRuns
{
    public const string Uid = "0b9f6c1e-4a57-4f3e-9c8d-2d1f6a7b8c9d";

    public static readonly ManifestOptions Options = new()
    {
        Image = "registry.example.com/codeparrot/trainer:0.1.0",
        ClusterDomain = "cluster.local",
        MetricsPeers =
        [
            new MetricsPeer
            {
                Namespace = "codeparrot-system",
                PodLabels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "codeparrot-operator" },
            },
            new MetricsPeer { Namespace = "monitoring" },
        ],
    };

    /// <summary>Assignments that use what a pod can use.</summary>
    public static readonly string[] Everything =
    [
        "workers.count=4",
        "workers.gpusPerPod=2",
        "workers.threads=6",
        "workers.resources={limits: {nvidia.com/gpu: 2, memory: 64Gi, cpu: 12}, requests: {memory: 32Gi}}",
        "workers.sharedMemory=16Gi",
        "store={uri: 's3://models/small', credentialsSecret: s3-credentials, caBundle: {configMap: ca, key: ca.crt}}",
        "scheduling={gang: Kueue, queue: research, topologyKey: topology.kubernetes.io/zone}",
        "stages={corpus: {resources: {requests: {cpu: 500m}}, template: {labels: {team: data}}}}",
        """
            workers.template={
              "labels": { "team": "research", "app.kubernetes.io/component": "ranks" },
              "annotations": { "example.com/note": "mine" },
              "image": "registry.example.com/mine:2",
              "imagePullPolicy": "Always",
              "imagePullSecrets": [{ "name": "pull" }],
              "serviceAccountName": "trainer",
              "priorityClassName": "batch",
              "runtimeClassName": "nvidia",
              "nodeSelector": { "gpu": "h100" },
              "tolerations": [{ "key": "nvidia.com/gpu", "operator": "Exists" }],
              "affinity": {
                "nodeAffinity": {
                  "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [
                      { "matchExpressions": [{ "key": "rack", "operator": "In", "values": ["a"] }] },
                      { "matchExpressions": [{ "key": "rack", "operator": "In", "values": ["b"] }] }
                    ]
                  }
                }
              },
              "topologySpreadConstraints": [
                { "maxSkew": 1, "topologyKey": "rack", "whenUnsatisfiable": "ScheduleAnyway" }
              ],
              "resourceClaims": [{ "name": "nic", "resourceClaimTemplateName": "nic" }],
              "volumes": [{ "name": "cache", "persistentVolumeClaim": { "claimName": "cache" } }],
              "volumeMounts": [{ "name": "cache", "mountPath": "/cache" }],
              "env": [{ "name": "NCCL_DEBUG", "value": "INFO" }, { "name": "HERE", "value": "$(CODEPARROT_POD_IP)" }],
              "securityContext": { "fsGroup": 2000, "capabilities": { "add": ["NET_BIND_SERVICE"] } }
            }
            """,
    ];

    /// <summary>A run whose third attempt works on a stage.</summary>
    public static TrainingRun Run(string stage = StageNames.Train, params string[] overrides)
    {
        var run = Runs.Small(overrides);
        var workers = run.Spec.Workers;
        return run with
        {
            Metadata = run.Metadata with { Uid = Uid, Namespace = "research" },
            Status = new RunStatus
            {
                Phase = RunPhase.Starting,
                Stage = stage,
                Attempt = 3,
                SpecHash = new string('c', 60) + "0123",
                Branch = "b1",
                Gang = new GangStatus
                {
                    Pods = workers.Count / workers.GpusPerPod,
                    RanksPerPod = workers.GpusPerPod,
                    Threads = workers.Threads,
                    Scheduler = run.Spec.Scheduling.Gang,
                    // No other stage has peers.
                    RendezvousKey = stage == StageNames.Train ? $"small-{Uid[..8]}-a3-x7k2" : "",
                },
            },
        };
    }

    /// <summary>A pod of a run, as the planner decides it and the builder makes it.</summary>
    public static JsonObject Pod(TrainingRun run, int index = 0, Func<PodSpec, PodSpec>? edit = null)
    {
        var pod = PodBuilder.Build(run, index);
        return PodManifest.Build(run, edit?.Invoke(pod) ?? pod, Options);
    }

    /// <summary>The pod's only container.</summary>
    public static JsonObject Container(JsonObject pod) => pod["spec"]!["containers"]![0]!.AsObject();
}
