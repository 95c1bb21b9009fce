using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.EndToEnd.Tests.Cluster;

namespace CodeParrot.EndToEnd.Tests.Runs;

/// <summary>A run of two ranks that went to its end.</summary>
/// <param name="cluster">Where.</param>
public sealed class FinishedRun(TestCluster cluster) : IAsyncLifetime
{
    /// <summary>Steps of it.</summary>
    public const long MaxSteps = 60;

    /// <summary>Ranks of it.</summary>
    public const int Ranks = 2;

    /// <summary>Its prefix in the store.</summary>
    public const string Prefix = "finished";

    private TestRun? _run;
    private TrainingRun? _last;

    /// <summary>The run.</summary>
    public TestRun Run => _run!;

    /// <summary>Its last state.</summary>
    public TrainingRun Last => _last!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var space = await cluster.NewNamespaceAsync("finished-runs");
        _run = await TestRun.CreateAsync(cluster, space, "finished", RunSpecs.Of(cluster, Prefix, MaxSteps, Ranks));
        _last = await _run.UntilAsync(RunPhase.Succeeded);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_run is not null)
        {
            await _run.DisposeAsync();
        }
    }
}
