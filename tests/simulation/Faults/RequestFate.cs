namespace CodeParrot.Simulation.Tests.Faults;

/// <summary>What becomes of one request.</summary>
internal enum RequestFate
{
    /// <summary>Carried out and answered.</summary>
    Served,

    /// <summary>429: not carried out.</summary>
    TooMany,

    /// <summary>503: not carried out.</summary>
    Unavailable,

    /// <summary>The connection broke before the server had it.</summary>
    Unsent,

    /// <summary>Carried out; the connection broke before the answer came.</summary>
    Unanswered,

    /// <summary>504: carried out all the same.</summary>
    TimedOut,

    /// <summary>The sender dies before it is sent.</summary>
    CrashBefore,

    /// <summary>Carried out; the sender dies.</summary>
    CrashAfter,
}
