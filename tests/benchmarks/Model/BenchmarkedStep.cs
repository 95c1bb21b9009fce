using System.Diagnostics;

namespace CodeParrot.Benchmarks.Model;

/// <summary>One variant of a training step, with what it holds.</summary>
/// <param name="run">Does a step.</param>
/// <param name="dispose">Lets go of what it holds.</param>
internal sealed class BenchmarkedStep(Func<StepFigures> run, Action dispose) : IDisposable
{
    /// <summary>A variant in this process; the step gives the loss before it.</summary>
    public static BenchmarkedStep Here(Func<double> step, Action dispose) =>
        new(
            () =>
            {
                var start = CpuMilliseconds();
                var loss = step();
                return new StepFigures(loss, CpuMilliseconds() - start);
            },
            dispose
        );

    /// <summary>Does the step.</summary>
    public StepFigures Run() => run();

    /// <inheritdoc/>
    public void Dispose() => dispose();

    private static double CpuMilliseconds()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalMilliseconds;
    }
}
