namespace CodeParrot.Evaluation.HumanEval;

/// <summary>Options of HumanEval cannot be used; the message names every mistake.</summary>
public sealed class HumanEvalOptionsException(IReadOnlyList<string> errors)
    : Exception("HumanEval cannot be run as asked: " + string.Join("; ", errors))
{
    /// <summary>All mistakes, each with the field, what it must be and what it was.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
