using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Tests.Manifests;

public sealed class RestrictedProfileTests
{
    public static TheoryData<string, string[]> Pods
    {
        get
        {
            var data = new TheoryData<string, string[]>();
            string[][] runs =
            [
                [],
                ManifestRuns.Everything,
                ["workers.count=8", "workers.gpusPerPod=8", "scheduling={gang: Volcano, queue: batch}"],
                ["store={uri: 's3://a/b', credentialsSecret: keys}", "scheduling.topologyKey=rack"],
                ["store.caBundle={configMap: ca, key: ca.crt}", "workers.sharedMemory=0"],
            ];
            foreach (var run in runs)
            {
                foreach (var stage in StageNames.All.Concat([TaskNames.Promote, TaskNames.Cleanup]))
                {
                    data.Add(stage, run);
                }
            }

            return data;
        }
    }

    public static TheoryData<string, string, string> Planted =>
        new()
        {
            { "spec", """{ "hostNetwork": true }""", "host namespaces" },
            { "spec", """{ "hostPID": true }""", "host namespaces" },
            { "spec", """{ "hostIPC": true }""", "host namespaces" },
            { "spec", """{ "volumes": [{ "name": "v", "hostPath": { "path": "/" } }] }""", "volume types" },
            { "spec", """{ "volumes": [{ "name": "v", "nfs": {} }] }""", "volume types" },
            {
                "spec",
                """{ "initContainers": [{ "name": "i", "securityContext": { "privileged": true } }] }""",
                "privileged containers"
            },
            { "spec.securityContext", """{ "runAsUser": 0 }""", "runAsUser" },
            { "spec.securityContext", """{ "runAsNonRoot": false }""", "runAsNonRoot" },
            { "spec.securityContext", """{ "runAsNonRoot": null }""", "runAsNonRoot" },
            { "spec.securityContext", """{ "seccompProfile": { "type": "Unconfined" } }""", "seccomp" },
            { "spec.securityContext", """{ "seccompProfile": null }""", "seccomp" },
            { "spec.securityContext", """{ "appArmorProfile": { "type": "Unconfined" } }""", "AppArmor" },
            { "spec.securityContext", """{ "seLinuxOptions": { "type": "spc_t" } }""", "SELinux" },
            { "spec.securityContext", """{ "seLinuxOptions": { "user": "root" } }""", "SELinux" },
            { "spec.securityContext", """{ "sysctls": [{ "name": "kernel.msgmax", "value": "1" }] }""", "sysctls" },
            { "spec.securityContext", """{ "windowsOptions": { "hostProcess": true } }""", "HostProcess" },
            { "container", """{ "ports": [{ "containerPort": 1, "hostPort": 1 }] }""", "host ports" },
            { "container", """{ "livenessProbe": { "httpGet": { "host": "node" } } }""", "host probes" },
            { "container", """{ "lifecycle": { "preStop": { "tcpSocket": { "host": "node" } } } }""", "host probes" },
            { "container", """{ "securityContext": null }""", "privilege escalation" },
            { "container.securityContext", """{ "privileged": true }""", "privileged containers" },
            { "container.securityContext", """{ "allowPrivilegeEscalation": true }""", "privilege escalation" },
            { "container.securityContext", """{ "runAsUser": 0 }""", "runAsUser" },
            { "container.securityContext", """{ "runAsNonRoot": false }""", "runAsNonRoot" },
            { "container.securityContext", """{ "procMount": "Unmasked" }""", "/proc mount type" },
            { "container.securityContext", """{ "seccompProfile": { "type": "Unconfined" } }""", "seccomp" },
            { "container.securityContext", """{ "capabilities": { "drop": ["NET_RAW"] } }""", "capabilities" },
            {
                "container.securityContext",
                """{ "capabilities": { "drop": ["ALL"], "add": ["IPC_LOCK"] } }""",
                "capabilities"
            },
        };

    [Theory]
    [MemberData(nameof(Pods))]
    public void Every_pod_is_restricted_whatever_the_run_asks_for(string stage, string[] overrides)
    {
        Assert.Empty(RestrictedProfile.Violations(ManifestRuns.Pod(ManifestRuns.Run(stage, overrides))));
    }

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_violation_is_caught(string place, string json, string control)
    {
        var pod = ManifestRuns.Pod(ManifestRuns.Run());
        var container = ManifestRuns.Container(pod);
        var target = place switch
        {
            "spec" => pod["spec"]!.AsObject(),
            "spec.securityContext" => pod["spec"]!["securityContext"]!.AsObject(),
            "container" => container,
            _ => container["securityContext"]!.AsObject(),
        };
        foreach (var (key, value) in JsonNode.Parse(json)!.AsObject())
        {
            target[key] = value?.DeepClone();
        }

        Assert.Contains(control, RestrictedProfile.Violations(pod));
    }

    [Fact]
    public void A_user_may_leave_the_profile_where_the_namespace_lets_them()
    {
        var run = ManifestRuns.Run(
            StageNames.Train,
            """workers.template={ "securityContext": { "capabilities": { "add": ["IPC_LOCK"] }, "runAsUser": 7 } }"""
        );

        var pod = ManifestRuns.Pod(run);

        Assert.Equal(["capabilities"], RestrictedProfile.Violations(pod));
        Assert.Equal(7, (long)pod["spec"]!["securityContext"]!["runAsUser"]!);
        Assert.Null(ManifestRuns.Container(pod)["securityContext"]!["runAsUser"]);
    }
}
