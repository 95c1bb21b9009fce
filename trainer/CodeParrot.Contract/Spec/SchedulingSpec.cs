namespace CodeParrot.Contract.Spec;

/// <summary>How the gang is scheduled.</summary>
public sealed record SchedulingSpec
{
    /// <summary>The scheduler that places all ranks or none.</summary>
    public GangScheduler Gang { get; init; } = GangScheduler.None;

    /// <summary>Queue of the gang scheduler. Control.</summary>
    public string Queue { get; init; } = "";

    /// <summary>Node label within which the gang should stay.</summary>
    public string TopologyKey { get; init; } = "";
}
