namespace CodeParrot.Contract.Spec;

/// <summary>When and on how much the model is evaluated.</summary>
public sealed record EvaluationSpec
{
    /// <summary>Steps between evaluations; 0 evaluates at the end only.</summary>
    public int EverySteps { get; init; } = 15000;

    /// <summary>Micro-batches of one evaluation; -1 takes all held-out sequences.</summary>
    public int MaxSteps { get; init; } = -1;

    /// <summary>Prompts that the evaluate stage completes for the report.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>HumanEval, which the evaluate stage runs last; left out, it is not run.</summary>
    public HumanEvalSpec? HumanEval { get; init; }
}
