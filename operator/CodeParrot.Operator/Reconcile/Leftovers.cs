using CodeParrot.Api.Names;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Scheduling;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Reconcile;

/// <summary>
/// Removes what no owner takes along when a run goes: a cleanup pod whose end was seen late, and a gang that Kueue holds
/// back. A finalizer on the run would hold every deletion while the operator is away; what is left shows on its pods.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="pods">The pods.</param>
internal sealed class Leftovers(IApiServer server, Store<PodObservation> pods)
{
    /// <summary>Tidies up behind a run that the planner does not look after any more.</summary>
    public async Task RemoveAsync(RunKey run, CancellationToken cancellationToken)
    {
        await RemoveCleanupAsync(run, cancellationToken);
        await ReleaseGangsAsync(run, cancellationToken);
    }

    // To Kueue a pod that is deleted before it has a node never ended: without its Workload it lets go.
    private async Task ReleaseGangsAsync(RunKey run, CancellationToken cancellationToken)
    {
        var held = pods.Of(run)
            .Where(p => p is { Group.Length: > 0, Deleting: true, Scheduled: false, IsLiving: true });
        foreach (var group in held.Select(p => p.Group).Distinct(StringComparer.Ordinal))
        {
            var workload = KueueGang.WorkloadOf(run.Namespace, group);
            var type = ResourceType.Of(workload.ApiVersion, workload.Plural, workload.Kind);
            await server.DeleteAsync(type, run.Namespace, workload.Name, "", null, cancellationToken);
        }
    }

    private async Task RemoveCleanupAsync(RunKey run, CancellationToken cancellationToken)
    {
        var ended = pods.Of(run).Where(p => p is { Stage: TaskNames.Cleanup, IsLiving: false, Deleting: false });
        foreach (var pod in ended)
        {
            await server.DeleteAsync(
                ResourceType.Pods,
                run.Namespace,
                pod.Name,
                pod.Uid,
                TimeSpan.Zero,
                cancellationToken
            );
        }
    }
}
