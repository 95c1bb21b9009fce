namespace CodeParrot.Contract.Spec;

/// <summary>Shape of the learning rate after the warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>Half a cosine down to 0 at the last step.</summary>
    Cosine,

    /// <summary>A straight line down to 0 at the last step.</summary>
    Linear,

    /// <summary>The peak rate to the end.</summary>
    Constant,
}
