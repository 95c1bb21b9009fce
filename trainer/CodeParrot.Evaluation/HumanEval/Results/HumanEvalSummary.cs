using CodeParrot.Evaluation.HumanEval.Sandbox;

namespace CodeParrot.Evaluation.HumanEval.Results;

/// <summary>What a run of HumanEval came to: <c>summary.json</c>.</summary>
public sealed record HumanEvalSummary
{
    /// <summary>pass@k by k: the mean over problems of the unbiased estimate, 0 to 1.</summary>
    public required IReadOnlyDictionary<int, double> PassAt { get; init; }

    /// <summary>Problems.</summary>
    public required int Problems { get; init; }

    /// <summary>Problems that at least one sample passed.</summary>
    public required int Solved { get; init; }

    /// <summary>Samples of all problems.</summary>
    public required int Samples { get; init; }

    /// <summary>Samples that passed.</summary>
    public required int Passed { get; init; }

    /// <summary>Samples that failed.</summary>
    public required int Failed { get; init; }

    /// <summary>Samples that took too long.</summary>
    public required int TimedOut { get; init; }

    /// <summary>Failed samples by class, the most frequent first.</summary>
    public required IReadOnlyDictionary<string, int> Errors { get; init; }

    /// <summary>Samples that passed, by problem.</summary>
    public required IReadOnlyDictionary<string, int> PassedByProblem { get; init; }

    /// <summary>Problems whose prompt lost its beginning, as the model's context is too short.</summary>
    public required int CutPrompts { get; init; }

    /// <summary>Tokens generated.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens generated a second.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Version of the Python that ran the programs.</summary>
    public required string Python { get; init; }

    /// <summary>How far the programs were kept apart from the machine.</summary>
    public required Isolation Isolation { get; init; }

    /// <summary>What the figures depend on.</summary>
    public required HumanEvalSettings Settings { get; init; }

    /// <summary>Sums results up.</summary>
    /// <param name="results">One for each problem, in the file's order; at least one.</param>
    /// <param name="ks">The k of pass@k, each at most the samples of a problem.</param>
    /// <param name="facts">What ran the programs.</param>
    /// <param name="settings">What the figures depend on.</param>
    public static HumanEvalSummary Of(
        IReadOnlyList<ProblemResult> results,
        IReadOnlyList<int> ks,
        SandboxFacts facts,
        HumanEvalSettings settings
    )
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(ks);
        ArgumentNullException.ThrowIfNull(facts);
        var samples = results.SelectMany(result => result.Samples).ToList();
        var seconds = results.Sum(result => result.Seconds);
        var tokens = results.Sum(result => result.Tokens);
        return new HumanEvalSummary
        {
            PassAt = ks.ToDictionary(
                k => k,
                k => results.Average(result => PassAtK.Of(result.Samples.Count, result.Passed, k))
            ),
            Problems = results.Count,
            Solved = results.Count(result => result.Passed > 0),
            Samples = samples.Count,
            Passed = samples.Count(sample => sample.Result == SandboxOutcome.Passed),
            Failed = samples.Count(sample => sample.Result == SandboxOutcome.Failed),
            TimedOut = samples.Count(sample => sample.Result == SandboxOutcome.TimedOut),
            Errors = samples
                .Where(sample => sample.Error is not null)
                .GroupBy(sample => sample.Error!)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Count()),
            PassedByProblem = results.ToDictionary(result => result.TaskId, result => result.Passed),
            CutPrompts = results.Count(result => result.DroppedPromptTokens > 0),
            Tokens = tokens,
            TokensPerSecond = seconds > 0 ? tokens / seconds : 0,
            Python = facts.Python,
            Isolation = facts.Isolation,
            Settings = settings,
        };
    }
}
