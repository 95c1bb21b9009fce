using CodeParrot.Api.Resources;

namespace CodeParrot.Operator.Watching;

/// <summary>What is kept of a TrainingRun: the run, or why it cannot be read.</summary>
/// <param name="Uid">Its UID.</param>
/// <param name="Run">The run; null where it cannot be read.</param>
/// <param name="Mistake">Why it cannot be read; empty where it can.</param>
internal sealed record RunRecord(string Uid, TrainingRun? Run, string Mistake);
