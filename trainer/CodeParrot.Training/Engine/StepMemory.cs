using CodeParrot.Model;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Checkpointing;
using CodeParrot.Training.Guards;

namespace CodeParrot.Training.Engine;

/// <summary>What steps leave behind beside weights and moments, for a checkpoint.</summary>
internal sealed record StepMemory(AdamW Optimiser, StepGuard Guard, RunAccount Account)
{
    /// <summary>Returns a state with it.</summary>
    public TrainingState AddTo(TrainingState state) =>
        state with
        {
            OptimizerSteps = Optimiser.StepCount,
            Guard = Guard.Save(),
            Account = Account.Save(),
        };
}
