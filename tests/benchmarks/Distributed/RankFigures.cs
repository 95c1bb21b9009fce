namespace CodeParrot.Benchmarks.Distributed;

/// <summary>What a rank, or a run, took for the steps that count.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="CpuSeconds">Of processors, all threads.</param>
/// <param name="WaitingSeconds">Of the clock's: waiting for gradients after the last backward pass.</param>
/// <param name="WholeSeconds">By the clock, from the start of the process to its end.</param>
internal sealed record RankFigures(double Seconds, double CpuSeconds, double WaitingSeconds, double WholeSeconds = 0);
