namespace CodeParrot.Benchmarks.Checkpoints;

/// <summary>What writers took for a checkpoint.</summary>
/// <param name="Seconds">By the clock, from the word to begin until all is durable.</param>
/// <param name="CpuSeconds">Of processors, all writers.</param>
internal sealed record WriterFigures(double Seconds, double CpuSeconds);
