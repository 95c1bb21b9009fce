namespace CodeParrot.Evaluation.HumanEval;

/// <summary>How far a run of HumanEval is.</summary>
/// <param name="Problems">Problems that are scored.</param>
/// <param name="AllProblems">Problems of the file.</param>
/// <param name="Samples">Samples that are scored.</param>
/// <param name="AllSamples">Samples in all.</param>
/// <param name="PassAt1">pass@1 over the problems so far, 0 to 1.</param>
/// <param name="TokensPerSecond">Tokens generated a second; null before the first.</param>
/// <param name="Remaining">Time to the end, estimated; null before there is anything to tell it from.</param>
public sealed record HumanEvalProgress(
    int Problems,
    int AllProblems,
    int Samples,
    int AllSamples,
    double PassAt1,
    double? TokensPerSecond,
    TimeSpan? Remaining
);
