using System.Text.Json.Serialization;

namespace CodeParrot.Evaluation.HumanEval.Results;

/// <summary>All samples of one problem, and what making them took.</summary>
/// <param name="TaskId">The problem.</param>
/// <param name="Samples">The samples, by their number.</param>
/// <param name="Tokens">Tokens generated.</param>
/// <param name="Seconds">Seconds that generating them took.</param>
/// <param name="DroppedPromptTokens">Tokens that the prompt lost at its beginning, as the context is too short.</param>
public sealed record ProblemResult(
    string TaskId,
    IReadOnlyList<HumanEvalSample> Samples,
    long Tokens,
    double Seconds,
    int DroppedPromptTokens
)
{
    /// <summary>Samples that passed.</summary>
    [JsonIgnore]
    public int Passed => Samples.Count(sample => sample.Passed);
}
