namespace CodeParrot.Contract.Spec;

/// <summary>What is replaced after a failure.</summary>
public enum RecoveryMode
{
    /// <summary>The whole gang restarts from the newest checkpoint.</summary>
    Gang,

    /// <summary>
    /// The lost pods alone: the other ranks keep their state in memory, and hand it to those that take their places.
    /// Where none is left, the whole gang.
    /// </summary>
    Peers,
}
