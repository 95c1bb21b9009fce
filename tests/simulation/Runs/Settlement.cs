using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Invariants;
using CodeParrot.Simulation.Tests.Kubelet;

namespace CodeParrot.Simulation.Tests.Runs;

/// <summary>Tells when every run has come to its end, and whether that end was a fair one.</summary>
internal sealed class Settlement(SimulatedApiServer server, Kubelets kubelets, Oracle oracle)
{
    /// <summary>What is not settled yet, for people; empty when everything is.</summary>
    public string Open()
    {
        foreach (var run in server.Store.All(ResourceType.TrainingRuns))
        {
            var status = StatusReading.Of(run.Body);
            var spec = StatusReading.SpecOf(run.Body);
            if (run.IsDeleting)
            {
                return $"{run.Key.Name} is deleted and not gone";
            }

            var waits = spec.Suspend && status.Phase == RunPhase.Suspended;
            var refused = status.Condition(ConditionTypes.Accepted) is { Status: RunCondition.False };
            if (!status.IsTerminal() && !waits && !refused)
            {
                return $"{run.Key.Name} is {status.Phase} in attempt {status.Attempt}, stage {status.Stage}";
            }

            var request = spec.Checkpoints.RequestNonce;
            if (!refused && status.IsTerminal() && request.Length > 0 && status.CheckpointRequest?.Nonce != request)
            {
                return $"{run.Key.Name} is {status.Phase}, and {request} has no answer";
            }

            if (!refused && oracle.Pods.Living(run.Uid).FirstOrDefault() is { } pod)
            {
                return $"{run.Key.Name} is {status.Phase}, and {pod.Key.Name} lives";
            }
        }

        return Orphan();
    }

    /// <summary>Ends the simulation for runs that failed without a reason.</summary>
    public void Judge()
    {
        foreach (var run in server.Store.All(ResourceType.TrainingRuns))
        {
            var status = StatusReading.Of(run.Body);
            var spec = StatusReading.SpecOf(run.Body);
            // The last ranks of a run that came to its end have said what they left.
            oracle.Ledger.Require(
                status.Phase != RunPhase.Succeeded
                    || status.Checkpoints.FirstOrDefault(c => !oracle.IsStored(run.Key, c)) is null,
                "I4",
                $"{run.Key.Name} has succeeded, and still names a checkpoint that was deleted"
            );
            var failed = status.Condition(ConditionTypes.Failed);
            if (status.Phase != RunPhase.Failed || failed is null)
            {
                continue;
            }

            var fair = failed.Reason switch
            {
                ConditionReasons.PermanentFailure => oracle.Ledger.IsDoomed(run.Uid),
                ConditionReasons.RestartsExhausted => oracle.Ledger.FailuresOf(run.Uid)
                    > spec.FailurePolicy.MaxRestarts,
                _ => oracle.Ledger.IsDoomed(run.Uid),
            };
            oracle.Ledger.Require(fair, "fair", $"{run.Key.Name} failed by {failed.Reason}: {failed.Message}");
        }
    }

    private string Orphan()
    {
        var uids = server.Store.All(ResourceType.TrainingRuns).Select(r => r.Uid).ToHashSet();
        var left = server.Store.All(ResourceType.Pods).FirstOrDefault(p => !uids.Contains(Owner(p)));
        return left is not null ? $"{left.Key.Name} is left of a run that is gone"
            : kubelets.Pods.FirstOrDefault(p => p.IsRunning && p.Forgotten) is { } zombie
                ? $"{zombie.Key.Name} is a zombie"
            : "";
    }

    private static string Owner(StoredObject pod) => pod.Body.Text("metadata", "labels", LabelNames.RunUid);
}
