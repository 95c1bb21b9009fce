using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>The one container of a pod.</summary>
internal static class TrainerContainer
{
    private const string Memory = "memory";
    private const string MetricsPort = "metrics";

    public static JsonObject Of(TrainingRun run, PodSpec pod, PodTemplateSpec template, ManifestOptions options)
    {
        var container = new JsonObject
        {
            ["name"] = "trainer",
            ["image"] = template.Image.Length > 0 ? template.Image : options.Image,
        };
        container.SetUnlessEmpty("imagePullPolicy", $"{template.ImagePullPolicy ?? options.ImagePullPolicy}");
        container["command"] = new JsonArray("trainer");
        container["args"] = Texts(PodCommand.Arguments(pod, ContainerPlaces.SpecFile));
        // The root is read-only: whatever has a path of its own choice goes to the scratch volume.
        container["workingDir"] = ContainerPlaces.WorkFolder;
        container["env"] = Environment(run, pod, template, options);
        container["ports"] = new JsonArray(
            new JsonObject
            {
                ["name"] = MetricsPort,
                ["containerPort"] = options.HttpPort,
                ["protocol"] = "TCP",
            }
        );
        container.SetUnlessEmpty("resources", Resources(run, pod, template, options));
        container["readinessProbe"] = Readiness();
        container["securityContext"] = PodSecurity.OfContainer(template);
        // No fallback to logs: they would stand where the trainer's message is expected.
        container["terminationMessagePath"] = ContainerPlaces.TerminationLog;
        container["terminationMessagePolicy"] = "File";
        container["volumeMounts"] = new JsonArray([
            .. new PodVolumes(run.Spec, pod).All.Select(v => v.Mount),
            .. template.VolumeMounts.Select(m => m.DeepClone()),
        ]);
        return container;
    }

    private static JsonArray Environment(
        TrainingRun run,
        PodSpec pod,
        PodTemplateSpec template,
        ManifestOptions options
    )
    {
        var store = run.Spec.Store;
        var places = new PodPlaces
        {
            MasterAddress = PodAddress.Master(pod, options.ClusterDomain),
            MasterPort = options.MasterPort,
            KeyFile = pod.RendezvousKey.Length > 0 ? ContainerPlaces.KeyFile : "",
            WorkFolder = ContainerPlaces.WorkFolder,
            HttpPort = options.HttpPort,
            CredentialsFolder = store.CredentialsSecret.Length > 0 ? ContainerPlaces.CredentialsFolder : "",
            CaBundleFile = store.CaBundle.ConfigMap.Length > 0 ? ContainerPlaces.CaFile : "",
            Threads = pod.Threads ?? 0,
        };
        var ours = PodEnvironment
            .Of(pod, places)
            .Append(KeyValuePair.Create(EnvironmentNames.Home, ContainerPlaces.WorkFolder))
            .Select(v => new JsonObject { ["name"] = v.Key, ["value"] = v.Value })
            .Append(FromField(EnvironmentNames.NodeName, "spec.nodeName"))
            .Append(FromField(EnvironmentNames.PodIp, "status.podIP"))
            .ToList();
        var taken = ours.Select(v => (string?)v["name"]).ToHashSet();
        // The user's stand behind ours, which they may refer to.
        var theirs = template.Env.Where(v => !taken.Contains($"{v["name"]}")).Select(v => v.DeepClone());
        return new JsonArray([.. ours, .. theirs]);
    }

    private static JsonObject FromField(string name, string field) =>
        new()
        {
            ["name"] = name,
            ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = field } },
        };

    private static JsonObject Resources(TrainingRun run, PodSpec pod, PodTemplateSpec template, ManifestOptions options)
    {
        var resources = PodManifest.ResourcesOf(run.Spec, pod, options);
        var shared = PodManifest.Trains(pod) ? run.Spec.Workers.SharedMemory : new Quantity("0");
        var json = new JsonObject();
        json.SetUnlessEmpty("limits", Amounts(resources.Limits, shared));
        json.SetUnlessEmpty("requests", Amounts(resources.Requests, shared));
        // There is no other container that could want a claim.
        json.SetUnlessEmpty(
            "claims",
            [.. template.ResourceClaims.Select(c => new JsonObject { ["name"] = c["name"]?.DeepClone() })]
        );
        return json;
    }

    // Pages of /dev/shm count as the container's memory. Requests grow as limits do, so that a pod whose limits are
    // its requests stays one.
    private static JsonObject Amounts(IReadOnlyDictionary<string, Quantity> amounts, Quantity shared) =>
        JsonMap.Of(
            amounts.Select(a =>
                KeyValuePair.Create(
                    a.Key,
                    a.Key == Memory && shared.Value > 0 ? a.Value.Plus(shared).Text : a.Value.Text
                )
            )
        );

    // Ready tells people that the pod's first process answers. There is no liveness probe: a training that is slow to
    // answer must not be killed, and one that hangs is noticed by its steps.
    private static JsonObject Readiness() =>
        new()
        {
            ["httpGet"] = new JsonObject { ["path"] = "/healthz", ["port"] = MetricsPort },
            ["periodSeconds"] = 10,
            ["timeoutSeconds"] = 5,
        };

    private static JsonArray Texts(IEnumerable<string> words) =>
        new([.. words.Select(w => (JsonNode?)JsonValue.Create(w))]);
}
