using System.Text.Json.Nodes;

namespace CodeParrot.Operator.Core.Tests.Manifests;

/// <summary>
/// Judges a pod by Kubernetes' Pod Security Standards, profile <c>restricted</c>, which holds <c>baseline</c> too:
/// written from the standard's table of controls, and not from what our own builders happen to set.
/// </summary>
internal static class RestrictedProfile
{
    private static readonly string[] VolumeTypes =
    [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ];

    private static readonly string[] SafeSysctls =
    [
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
    ];

    private static readonly string[] SelinuxTypes =
    [
        "",
        "container_t",
        "container_init_t",
        "container_kvm_t",
        "container_engine_t",
    ];

    /// <summary>Names of the controls that the pod breaks.</summary>
    public static IReadOnlyList<string> Violations(JsonObject manifest)
    {
        // As a server reads it.
        var pod = JsonNode.Parse(manifest.ToJsonString())!;
        var spec = pod["spec"]!.AsObject();
        var context = spec["securityContext"] as JsonObject ?? [];
        var containers = new[] { "containers", "initContainers", "ephemeralContainers" }
            .SelectMany(kind => Objects(spec[kind]))
            .ToList();
        var broken = new List<string>();
        void Require(bool holds, string control)
        {
            if (!holds && !broken.Contains(control))
            {
                broken.Add(control);
            }
        }

        Require(!Flag(spec["hostNetwork"]) && !Flag(spec["hostPID"]) && !Flag(spec["hostIPC"]), "host namespaces");
        foreach (var volume in Objects(spec["volumes"]))
        {
            Require(volume.All(f => f.Key == "name" || VolumeTypes.Contains(f.Key)), "volume types");
        }

        foreach (var sysctl in Objects(context["sysctls"]))
        {
            Require(SafeSysctls.Contains((string?)sysctl["name"]), "sysctls");
        }

        var annotations = pod["metadata"]!["annotations"] as JsonObject ?? [];
        foreach (var (key, value) in annotations.Where(a => a.Key.StartsWith("container.apparmor.security.beta")))
        {
            Require((string?)value == "runtime/default" || $"{value}".StartsWith("localhost/"), "AppArmor");
        }

        CheckShared(context, Require);
        foreach (var container in containers)
        {
            var own = container["securityContext"] as JsonObject ?? [];
            CheckShared(own, Require);
            CheckContainer(container, own, Require);
            Require(((bool?)(own["runAsNonRoot"] ?? context["runAsNonRoot"])) == true, "runAsNonRoot");
            Require(
                (string?)(own["seccompProfile"] ?? context["seccompProfile"])?["type"]
                    is "RuntimeDefault"
                        or "Localhost",
                "seccomp"
            );
        }

        return broken;
    }

    // Controls on fields that the pod's context and a container's both have.
    private static void CheckShared(JsonObject context, Action<bool, string> require)
    {
        require(!Flag(context["windowsOptions"]?["hostProcess"]), "HostProcess");
        require(context["runAsUser"] is not { } user || (long)user != 0, "runAsUser");
        require(context["runAsNonRoot"] is not { } nonRoot || (bool)nonRoot, "runAsNonRoot");
        require(
            context["seccompProfile"] is not { } seccomp || (string?)seccomp["type"] is "RuntimeDefault" or "Localhost",
            "seccomp"
        );
        require(
            context["appArmorProfile"] is not { } armor || (string?)armor["type"] is "RuntimeDefault" or "Localhost",
            "AppArmor"
        );
        if (context["seLinuxOptions"] is JsonObject selinux)
        {
            require(SelinuxTypes.Contains((string?)selinux["type"] ?? ""), "SELinux");
            require($"{selinux["user"]}{selinux["role"]}".Length == 0, "SELinux");
        }
    }

    private static void CheckContainer(JsonObject container, JsonObject own, Action<bool, string> require)
    {
        require(!Flag(own["privileged"]), "privileged containers");
        require(own["allowPrivilegeEscalation"] is { } escalation && !(bool)escalation, "privilege escalation");
        require(own["procMount"] is null || (string?)own["procMount"] == "Default", "/proc mount type");
        var capabilities = own["capabilities"] as JsonObject ?? [];
        require(Texts(capabilities["drop"]).Contains("ALL"), "capabilities");
        require(Texts(capabilities["add"]).All(c => c == "NET_BIND_SERVICE"), "capabilities");
        foreach (var port in Objects(container["ports"]))
        {
            require(port["hostPort"] is not { } number || (int)number == 0, "host ports");
        }

        var hooks = container["lifecycle"] as JsonObject ?? [];
        var handlers = new[] { "livenessProbe", "readinessProbe", "startupProbe" }
            .Select(probe => container[probe])
            .Concat([hooks["postStart"], hooks["preStop"]]);
        foreach (var handler in handlers)
        {
            require($"{handler?["httpGet"]?["host"]}{handler?["tcpSocket"]?["host"]}".Length == 0, "host probes");
        }
    }

    private static bool Flag(JsonNode? node) => node is not null && (bool)node;

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(n => $"{n}");
}
