using CodeParrot.Simulation.Tests.Runs;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Bugs that the simulation must find: it is worth what it catches.</summary>
internal static class Bugs
{
    /// <summary>All bugs, by name.</summary>
    public static IReadOnlyDictionary<string, OperatorVariant> All { get; } =
        PolicyBugs.All.Concat(HostBugs.All).ToDictionary();

    /// <summary>The operator with a bug; the real one for an empty name.</summary>
    public static OperatorVariant Variant(string bug) => bug.Length == 0 ? OperatorVariant.Real : All[bug];
}
