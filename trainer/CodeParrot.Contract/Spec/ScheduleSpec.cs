namespace CodeParrot.Contract.Spec;

/// <summary>How the learning rate changes over the steps.</summary>
public sealed record ScheduleSpec
{
    /// <summary>Shape after the warm-up.</summary>
    public ScheduleKind Kind { get; init; } = ScheduleKind.Cosine;

    /// <summary>Steps of linear rise from 0; the smaller of 2000 and a tenth of maxSteps unless set.</summary>
    public int? WarmupSteps { get; init; }
}
