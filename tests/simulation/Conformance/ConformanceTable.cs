namespace CodeParrot.Simulation.Tests.Conformance;

/// <summary>
/// What the operator relies on in an API server. The simulated server and a real one must both give these outcomes:
/// otherwise the simulation proves something about another world.
/// </summary>
public static class ConformanceTable
{
    /// <summary>All cases, by name.</summary>
    public static IReadOnlyDictionary<string, ConformanceCase> Cases { get; } =
        WriteCases.All.Concat(DeleteCases.All).Concat(ReadCases.All).ToDictionary(c => c.Name);
}
