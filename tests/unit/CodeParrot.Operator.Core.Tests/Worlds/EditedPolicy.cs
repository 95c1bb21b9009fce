using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>A planted bug: a policy whose plans are changed.</summary>
internal sealed class EditedPolicy(IPolicy inner, Func<Observed, Plan, Plan> edit) : IPolicy
{
    public Plan? Decide(Observed observed) => inner.Decide(observed) is { } plan ? edit(observed, plan) : null;
}
