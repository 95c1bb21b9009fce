using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Operator.Core.Stall;

/// <summary>Notes when an attempt's steps are seen to be made.</summary>
internal static class StepClock
{
    private const string Evaluating = "Evaluating";

    /// <summary>The gang with what the newest reading says of its steps.</summary>
    public static GangStatus Read(Observed observed)
    {
        var gang = observed.Status.Gang;
        if (observed.CurrentProgress() is not { Stage: StageNames.Train } reading)
        {
            return gang;
        }

        var moved = reading.Step != gang.LastStep && IsMade(observed.Status, reading);
        return gang with
        {
            LastStep = reading.Step,
            // An evaluation makes no steps, and how long it takes is nobody's fault; ranks notice lost peers
            // themselves.
            LastStepAt =
                moved || (gang.LastStepAt is not null && reading.Ranks.Any(r => r.State == Evaluating))
                    ? observed.Now
                    : gang.LastStepAt,
        };
    }

    // A resumed gang says the step it goes on from before it makes one.
    private static bool IsMade(RunStatus status, RunProgress reading) =>
        reading.Ranks.Any(r => r.StepSeconds > 0) || reading.Step > StartOf(status);

    private static long StartOf(RunStatus status) =>
        status
            .Checkpoints.Where(c => c.Branch == status.Branch || CheckpointList.Key(c) == status.StartFrom?.Checkpoint)
            .Select(c => c.Step)
            .DefaultIfEmpty()
            .Max();
}
