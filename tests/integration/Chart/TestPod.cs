using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Operator;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>The pod of <c>helm test</c>, whose container runs as a process here.</summary>
/// <param name="plane">Where the pod is.</param>
/// <param name="pod">The pod as it was rendered.</param>
internal sealed class TestPod(ControlPlane plane, JsonObject pod)
{
    /// <summary>Waits for the pod, does what it says under its account, and writes how it ended.</summary>
    public async Task<ProgramResult> PlayAsync()
    {
        var path = ServerSideApply.PathOf(pod);
        await Scene.UntilAsync(
            async () => (await plane.Api.GetAsync(path)).Code == HttpStatusCode.OK,
            "the test's pod"
        );
        var container = pod["spec"]!["containers"]![0]!.AsObject();
        var kubeconfig = await plane.ServiceAccountKubeconfigAsync(
            RenderedChart.NamespaceOf(pod)!,
            (string)pod["spec"]!["serviceAccountName"]!
        );

        var result = await Programs.RunAsync(
            "/usr/bin/env",
            [
                .. Release.VariablesOf(container).Select(v => $"{v.Key}={v.Value}"),
                Programs.Operator,
                .. container["args"]!.AsArray().Select(a => (string)a!),
                "--kubeconfig",
                kubeconfig,
            ]
        );

        var phase = result.ExitCode == 0 ? "Succeeded" : "Failed";
        var status = new JsonObject { ["status"] = new JsonObject { ["phase"] = phase } };
        (await plane.Api.PatchAsync($"{path}/status", status)).Expect(HttpStatusCode.OK);
        return result;
    }
}
