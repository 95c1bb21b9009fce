namespace CodeParrot.Simulation.Tests.Conformance;

/// <summary>Some requests to an API server, and what a server must answer.</summary>
/// <param name="Name">What is promised, in plain words.</param>
/// <param name="Act">Sends the requests and notes the outcomes.</param>
/// <param name="Expected">The outcomes, in order.</param>
public sealed record ConformanceCase(string Name, Func<ConformanceScope, Task> Act, params string[] Expected)
{
    /// <summary>The case's name, which a test runner shows.</summary>
    public override string ToString() => Name;
}
