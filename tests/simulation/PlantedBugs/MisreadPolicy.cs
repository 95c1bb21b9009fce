using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>A policy that sees something else than what is there.</summary>
internal sealed class MisreadPolicy(IPolicy inner, Func<Observed, Observed> misread) : IPolicy
{
    public Plan? Decide(Observed observed) => inner.Decide(misread(observed));
}
