using System.Runtime.InteropServices;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Recovery;

/// <summary>
/// A step whose update is done and counted, while what follows on it is not: evaluation, record, checkpoint. Whoever
/// goes on from it makes up for that, so that none of it moves to another step.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UnfinishedStep
{
    /// <summary>What became of the step.</summary>
    public required StepResult Result { get; init; }

    /// <summary>Its time, from data to update.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether it was evaluated where that is due, and stands in the record.</summary>
    public required bool IsRecorded { get; init; }
}
