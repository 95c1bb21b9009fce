namespace CodeParrot.Benchmarks.Model;

/// <summary>What a step took.</summary>
/// <param name="Loss">Before it.</param>
/// <param name="Milliseconds">Of processor.</param>
/// <param name="PeakMegabytes">The most memory of its process so far; 0 where that is measured apart.</param>
internal sealed record StepFigures(double Loss, double Milliseconds, long PeakMegabytes = 0);
