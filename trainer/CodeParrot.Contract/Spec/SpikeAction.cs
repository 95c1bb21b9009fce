namespace CodeParrot.Contract.Spec;

/// <summary>What is done about a step with a spike.</summary>
public enum SpikeAction
{
    /// <summary>It is applied, and a warning is logged.</summary>
    Log,

    /// <summary>It is not applied.</summary>
    Skip,

    /// <summary>
    /// It is not applied, and after <c>patience</c> of them the run goes back to its newest checkpoint and leaves out
    /// the data from there to the spike.
    /// </summary>
    RollBack,
}
