using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Scheduling;
using k8s;
using k8s.Autorest;

namespace CodeParrot.Cli.Plugin.Doctor;

/// <summary>The gang scheduler that a run names is there.</summary>
internal sealed class GangCheck : IDoctorCheck
{
    private static readonly (GangScheduler Scheduler, string Group, string Value)[] Known =
    [
        (GangScheduler.Kueue, "kueue.x-k8s.io", "rbac.kueue"),
        (GangScheduler.Coscheduling, "scheduling.x-k8s.io", "rbac.coscheduling"),
        (GangScheduler.Volcano, "scheduling.volcano.sh", "rbac.volcano"),
    ];

    private static readonly (GangScheduler Scheduler, string Group, string Value) Native = (
        GangScheduler.Native,
        "scheduling.k8s.io",
        "rbac.nativeGangs"
    );

    /// <inheritdoc/>
    public string Name => "gang scheduler";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(Patient patient, CancellationToken cancellationToken)
    {
        var groups = await patient.Client.Apis.GetAPIVersionsAsync(cancellationToken);
        var there = Known.Where(k => groups.Groups.Any(g => g.Name == k.Group)).ToList();
        if (await HasNativeAsync(patient, cancellationToken))
        {
            there.Add(Native);
        }

        var found =
            there.Count == 0 ? "none is installed" : $"{string.Join(", ", there.Select(k => k.Scheduler))} installed";
        if (patient.Run is not { Spec.Scheduling: { } scheduling })
        {
            return [Finding.Ok(Name, found)];
        }

        if (scheduling.Gang == GangScheduler.None)
        {
            return [Finding.Ok(Name, $"the run asks for none; {found}")];
        }

        var wanted = there.Find(k => k.Scheduler == scheduling.Gang);
        if (wanted == default)
        {
            return
            [
                new Finding(
                    Name,
                    FindingLevel.Failed,
                    $"the run asks for {scheduling.Gang}; {found}",
                    $"install it, or leave spec.scheduling.gang out"
                ),
            ];
        }

        return scheduling.Gang == GangScheduler.Kueue && scheduling.Queue.Length > 0
            ? [await QueueAsync(patient, scheduling.Queue, wanted.Value, cancellationToken)]
            :
            [
                Finding.Ok(
                    Name,
                    $"{scheduling.Gang} is installed; the chart's {wanted.Value} lets the operator use it"
                ),
            ];
    }

    // Every cluster has the API group, for its priority classes: only its list of resources says more.
    private static async Task<bool> HasNativeAsync(Patient patient, CancellationToken cancellationToken)
    {
        foreach (var apiVersion in new[] { NativeGang.ApiVersion, NativeGang.OlderApiVersion })
        {
            try
            {
                var (group, version) = (Native.Group, apiVersion.Split('/')[1]);
                var list = await patient.Client.CustomObjects.GetAPIResourcesAsync(group, version, cancellationToken);
                if (list.Resources.Any(r => r.Name == PodGroup.Plural))
                {
                    return true;
                }
            }
            catch (HttpOperationException e) when (ServerAnswers.IsMissing(e))
            {
                // A version that this server does not have.
            }
        }

        return false;
    }

    private async Task<Finding> QueueAsync(
        Patient patient,
        string queue,
        string value,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await patient.Client.CustomObjects.GetNamespacedCustomObjectAsync(
                "kueue.x-k8s.io",
                "v1beta1",
                patient.Namespace,
                "localqueues",
                queue,
                cancellationToken
            );
            return Finding.Ok(Name, $"Kueue with queue {queue}; the chart's {value} lets the operator use it");
        }
        catch (HttpOperationException e) when (ServerAnswers.IsMissing(e))
        {
            return new Finding(
                Name,
                FindingLevel.Failed,
                $"Kueue has no LocalQueue {queue} in namespace {patient.Namespace}",
                "kubectl get localqueues; let spec.scheduling.queue name one of them"
            );
        }
    }
}
