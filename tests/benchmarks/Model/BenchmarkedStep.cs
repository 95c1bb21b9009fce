namespace CodeParrot.Benchmarks.Model;

/// <summary>One variant of a training step, with what it holds.</summary>
internal sealed class BenchmarkedStep(Func<double> run, Action dispose) : IDisposable
{
    /// <summary>Does the step and gives the loss before it.</summary>
    public double Run() => run();

    /// <inheritdoc/>
    public void Dispose() => dispose();
}
