using CodeParrot.Api.Resources;
using CodeParrot.EndToEnd.Tests.Cluster;

namespace CodeParrot.EndToEnd.Tests.Runs;

/// <summary>
/// A run that would train for days. Each test disturbs it, and leaves it training again: in which order they do, means
/// nothing.
/// </summary>
/// <param name="cluster">Where.</param>
public sealed class SteadyRun(TestCluster cluster) : IAsyncLifetime
{
    /// <summary>Ranks of it, a pod each.</summary>
    public const int Ranks = 2;

    /// <summary>Its prefix in the store.</summary>
    public const string Prefix = "steady";

    private const long Days = 1_000_000;

    private TestRun? _run;

    /// <summary>The run.</summary>
    public TestRun Run => _run!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var space = await cluster.NewNamespaceAsync("steady-runs");
        _run = await TestRun.CreateAsync(cluster, space, "steady", RunSpecs.Of(cluster, Prefix, Days, Ranks));
        await _run.UntilItTrainsAsync();
    }

    /// <summary>Deletes it and with it its pods, which would compete with those of other tests.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_run is not null)
        {
            await _run.DeleteAsync();
            await Leftovers.UntilNoneAsync(_run);
            await _run.DisposeAsync();
        }
    }

    /// <summary>Waits until the run trains in a later attempt, which began at a checkpoint of the one before.</summary>
    /// <param name="before">The run before.</param>
    internal async Task<TrainingRun> UntilItGoesOnAsync(TrainingRun before)
    {
        var after = await Run.UntilItTrainsAsync(before.Status.Attempt + 1);
        var known = before.Status.Checkpoints[0].Step;
        Assert.True(
            after.Status.Progress!.Step > known,
            $"step {after.Status.Progress.Step} does not follow the checkpoint of step {known}"
        );
        Assert.Equal(before.Status.Branch, after.Status.Branch);
        return after;
    }
}
