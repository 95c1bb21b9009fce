namespace CodeParrot.Evaluation.HumanEval.Sandbox;

/// <summary>How programs are run.</summary>
public sealed record SandboxOptions
{
    /// <summary>Python 3.8 or newer: a path, or a name on the PATH.</summary>
    public string Python { get; init; } = "python3";

    /// <summary>The least isolation; where it cannot be had, nothing is run.</summary>
    public Isolation Isolation { get; init; } = Isolation.Filter;

    /// <summary>Whether namespaces are used where they can be had.</summary>
    public bool UseNamespaces { get; init; } = true;

    /// <summary>
    /// Time of a program with its tests, as on an idle machine: waiting for a processor does not count, so that a busy
    /// machine turns no pass into a timeout. By the clock, a hundred times as long.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Memory of a program, beyond what the interpreter has.</summary>
    public long MemoryBytes { get; init; } = 512L << 20;

    /// <summary>Programs run at once, at least 1.</summary>
    public int Workers { get; init; } = 1;
}
