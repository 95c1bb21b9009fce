using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>Nodes have the GPUs that a run asks for.</summary>
internal sealed class GpuCheck : IDoctorCheck
{
    private const string Gpu = "nvidia.com/gpu";

    /// <inheritdoc/>
    public string Name => "GPUs";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(Patient patient, CancellationToken cancellationToken)
    {
        var wanted = Wanted(patient);
        try
        {
            var nodes = await patient.Client.CoreV1.ListNodeAsync(cancellationToken: cancellationToken);
            return [Judge([.. nodes.Items.Where(IsUsable).Select(GpusOf)], wanted)];
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Forbidden)
        {
            return [Finding.Skipped(Name, "you may not look at nodes")];
        }
    }

    /// <summary>Compares what nodes offer with what a run wants.</summary>
    /// <param name="nodes">GPUs of each node.</param>
    /// <param name="wanted">Pods of the gang, and GPUs of each; null where no run is asked about.</param>
    public static Finding Judge(IReadOnlyList<long> nodes, (int Pods, long Gpus)? wanted)
    {
        const string Check = "GPUs";
        var offered = $"{nodes.Sum()} GPUs ({Gpu}) on {nodes.Count(n => n > 0)} of {nodes.Count} nodes";
        if (wanted is not { } gang)
        {
            return nodes.Sum() > 0
                ? Finding.Ok(Check, offered)
                : new Finding(
                    Check,
                    FindingLevel.Warning,
                    offered,
                    "install NVIDIA's device plugin, or run with the chart's images.trainer.accelerator=cpu"
                );
        }

        if (gang.Gpus == 0)
        {
            return Finding.Ok(Check, $"the run asks for none; {offered}");
        }

        var fitting = nodes.Sum(n => n / gang.Gpus);
        var text = $"the run asks for {gang.Pods} pods of {gang.Gpus}; {offered}";
        return fitting >= gang.Pods
            ? Finding.Ok(Check, text)
            : new Finding(
                Check,
                FindingLevel.Failed,
                $"{text}: room for {fitting} such pods, with nothing else running",
                "lower spec.workers.count, or add nodes"
            );
    }

    private static (int Pods, long Gpus)? Wanted(Patient patient) =>
        patient.Run is not { Spec.Workers: { } workers }
            ? null
            : (
                workers.Count / Math.Max(1, workers.GpusPerPod),
                workers.Resources?.Limits.TryGetValue(Gpu, out var amount) == true ? (long)amount.Value : 0
            );

    private static bool IsUsable(V1Node node) => node.Spec.Unschedulable != true;

    private static long GpusOf(V1Node node) =>
        node.Status?.Allocatable?.TryGetValue(Gpu, out var amount) == true ? amount.ToInt64() : 0;
}
