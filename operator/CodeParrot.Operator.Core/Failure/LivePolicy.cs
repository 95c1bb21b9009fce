using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Failure;

/// <summary>The failure policy in force.</summary>
internal static class LivePolicy
{
    // Nobody's slip of the pen ends a run for good: until it is mended, every restart that is asked for is noted, and
    // none begins. Lost pods of a gang whose ranks were started for it are replaced all the same.
    private static readonly FailurePolicySpec Meanwhile = new()
    {
        MaxRestarts = int.MaxValue,
        Recovery = RecoveryMode.Peers,
    };

    /// <summary>That of the spec, or the built-in one while the spec has mistakes.</summary>
    public static FailurePolicySpec Of(Observed observed) =>
        observed.IsAccepted() ? observed.Run.Spec.FailurePolicy : Meanwhile;
}
