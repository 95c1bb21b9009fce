using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>One rule of the decision list: total, synchronous, without clock, logger or randomness.</summary>
public interface IPolicy
{
    /// <summary>The plan of this policy, or null where it has nothing to say and the next one is asked.</summary>
    Plan? Decide(Observed observed);
}
