using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>A planted bug: a policy that sees what is not so.</summary>
internal sealed class BlurredPolicy(IPolicy inner, Func<Observed, Observed> blur) : IPolicy
{
    public Plan? Decide(Observed observed) => inner.Decide(blur(observed));
}
