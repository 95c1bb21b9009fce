using CodeParrot.Api.Names;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Reconcile;

/// <summary>
/// Removes what no owner takes along when a run goes: a cleanup pod whose end was seen late outlives its run.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="pods">The pods.</param>
internal sealed class Leftovers(IApiServer server, Store<PodObservation> pods)
{
    /// <summary>Removes the ended cleanup pods of a run that the planner does not look after any more.</summary>
    public async Task RemoveAsync(RunKey run, CancellationToken cancellationToken)
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
