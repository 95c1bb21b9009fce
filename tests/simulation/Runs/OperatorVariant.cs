using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Hosting;
using CodeParrot.Operator.Progress;

namespace CodeParrot.Simulation.Tests.Runs;

/// <summary>The operator under test: the real one, or one with a planted bug.</summary>
internal sealed record OperatorVariant
{
    /// <summary>Gets the operator as it is.</summary>
    public static OperatorVariant Real { get; } = new();

    /// <summary>Gets what decides.</summary>
    public Func<Planner> Planner { get; init; } = () => new Planner();

    /// <summary>Gets what stands between the operator and its server.</summary>
    public Func<IApiServer, IApiServer> Server { get; init; } = server => server;

    /// <summary>Gets what stands between the operator and the pods that it asks.</summary>
    public Func<IProgressSource, IProgressSource> Progress { get; init; } = progress => progress;

    /// <summary>Gets how its options are changed.</summary>
    public Func<OperatorOptions, OperatorOptions> Options { get; init; } = options => options;
}
