using CodeParrot.Api.Names;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Operator.Core.CheckpointRequests;

/// <summary>
/// Answers a request for a checkpoint that comes when training is over: no step is made any more, and the newest
/// checkpoint is what there is. A later rollback does not serve it: what it asked for is gone.
/// </summary>
public sealed class LateRequestPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var nonce = OpenRequest.Of(observed);
        var isOver = observed.Status.IsTerminal() || observed.Status.Stages.ContainsKey(StageNames.Train);
        if (nonce.Length == 0 || !isOver || !observed.IsAccepted())
        {
            return null;
        }

        var status = CheckpointList.Harvest(observed);
        if (status.CheckpointRequest?.Nonce != nonce)
        {
            var newest = CheckpointList.Newest(status) is { } checkpoint ? CheckpointList.Key(checkpoint) : "";
            status = status with
            {
                CheckpointRequest = new(nonce, newest, ConditionReasons.TrainingOver, observed.Now),
            };
        }

        return PlanBuilder.Do("training is over: a request for a checkpoint is answered", new SetStatus(status));
    }
}
