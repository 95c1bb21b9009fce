namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>Something that must always hold did not.</summary>
/// <param name="name">The invariant, as in <c>I1</c>.</param>
/// <param name="message">What held instead, and where.</param>
internal sealed class InvariantException(string name, string message) : Exception($"{name}: {message}")
{
    public string Name { get; } = name;
}
