namespace CodeParrot.Contract.Spec;

/// <summary>A rule: exactly one condition, and what is done when it holds.</summary>
public sealed record FailureRuleSpec
{
    /// <summary>Exit codes of the culprit.</summary>
    public IReadOnlyList<int> OnExitCodes { get; init; } = [];

    /// <summary>A condition of the culprit's pod.</summary>
    public string OnPodCondition { get; init; } = "";

    /// <summary>Termination reason of the culprit.</summary>
    public string OnReason { get; init; } = "";

    /// <summary>Text that the culprit's termination message contains.</summary>
    public string OnMessage { get; init; } = "";

    /// <summary>What is done.</summary>
    public FailureAction Action { get; init; } = FailureAction.Restart;
}
