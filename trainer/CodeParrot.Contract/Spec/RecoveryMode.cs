namespace CodeParrot.Contract.Spec;

/// <summary>What is replaced after a failure.</summary>
public enum RecoveryMode
{
    /// <summary>The whole gang restarts from the newest checkpoint.</summary>
    Gang,

    /// <summary>The lost rank alone, its state taken from a survivor; not supported by this version.</summary>
    Peers,
}
