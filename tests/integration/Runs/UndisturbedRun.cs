using System.Diagnostics;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>A run without any mishap: its losses are what every disturbed one must end with.</summary>
/// <param name="manifest">Its manifest.</param>
public abstract class UndisturbedRun(string manifest) : IAsyncLifetime
{
    public IReadOnlyDictionary<long, double> Losses { get; private set; } = new Dictionary<long, double>();

    public IReadOnlyDictionary<long, double> EvalLosses { get; private set; } = new Dictionary<long, double>();

    public TimeSpan Duration { get; private set; }

    public async ValueTask InitializeAsync()
    {
        using var run = new RunFolder(manifest);
        var watch = Stopwatch.StartNew();
        var result = await run.RunAsync();
        Duration = watch.Elapsed;
        Assert.True(result.ExitCode == 0, result.ToString());
        Losses = run.Metric("loss/train");
        EvalLosses = run.Metric("loss/eval");
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
