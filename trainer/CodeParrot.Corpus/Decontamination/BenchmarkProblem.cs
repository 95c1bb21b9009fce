namespace CodeParrot.Corpus.Decontamination;

/// <summary>A problem of a benchmark that must not be trained on.</summary>
/// <param name="Name">What counts name it by, such as <c>HumanEval/3</c>.</param>
/// <param name="List">The object it was read from.</param>
/// <param name="Parts">Its texts, each of which gives it away.</param>
internal sealed record BenchmarkProblem(string Name, string List, IReadOnlyList<string> Parts);
