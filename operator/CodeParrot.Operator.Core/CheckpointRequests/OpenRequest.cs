using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.CheckpointRequests;

/// <summary>
/// A value of <c>spec.checkpoints.requestNonce</c> that was not answered yet. It is told to rank 0 with each question
/// for progress until rank 0, or the end of its pod, tells of the checkpoint that serves it.
/// </summary>
public static class OpenRequest
{
    /// <summary>What rank 0 is to be told now; null for nothing, as while the run does not train.</summary>
    public static CheckpointRequest? ForTrainer(Observed observed) =>
        observed.Status.LivingAttempt() is not null
        && observed.Status.Stage == StageNames.Train
        && observed.IsAccepted()
        && Of(observed) is { Length: > 0 } nonce
            ? new CheckpointRequest(nonce, observed.Run.Metadata.Generation)
            : null;

    /// <summary>The value; empty for none.</summary>
    internal static string Of(Observed observed)
    {
        var nonce = observed.Run.Spec.Checkpoints.RequestNonce;
        return nonce == observed.Status.CheckpointRequest?.Nonce ? "" : nonce;
    }

    /// <summary>
    /// The status with the answer, where pods or progress tell of one. What they say of a value that the spec has no
    /// more is of no use: a gang that went back knows of older ones.
    /// </summary>
    internal static RunStatus Latch(Observed observed, RunStatus status)
    {
        var nonce = Of(observed);
        if (nonce.Length == 0)
        {
            return status;
        }

        var served = observed
            .Messages()
            .Select(m => m.ServedRequest)
            .Append(observed.CurrentProgress()?.ServedRequest)
            .FirstOrDefault(r => r?.Nonce == nonce);
        return served is null
            ? status
            : status with
            {
                CheckpointRequest = new(nonce, served.Checkpoint, ConditionReasons.CheckpointTaken, observed.Now),
            };
    }
}
