using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Cluster;

public sealed class PlanExecutorTests
{
    private const int Count = 300;

    // For a machine that is very busy; a test that waits for what never comes ends all the same.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task One_that_cannot_be_made_costs_one_request()
    {
        var asked = 0;
        var cluster = new ActingCluster(_ =>
        {
            asked++;
            return Task.FromException(new ClusterConflictException("refused"));
        });

        Assert.False(await ExecuteAsync(cluster));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_slow_one_holds_no_others_up()
    {
        var done = 0;
        using var last = new SemaphoreSlim(0);
        var cluster = new ActingCluster(async index =>
        {
            if (index == 1)
            {
                await last.WaitAsync();
            }
            else if (++done == Count - 1)
            {
                last.Release();
            }
        });

        Assert.True(await ExecuteAsync(cluster).WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal(Count - 1, done);
    }

    [Fact]
    public async Task Each_that_went_well_lets_one_more_be_under_way_up_to_a_limit()
    {
        var underWay = new List<TaskCompletionSource>();
        var most = 0;
        var cluster = new ActingCluster(_ =>
        {
            var effect = new TaskCompletionSource();
            underWay.Add(effect);
            most = Math.Max(most, underWay.Count);
            return effect.Task;
        });

        var executing = ExecuteAsync(cluster);
        List<int> seen = [underWay.Count];
        for (var ended = 0; ended < Count; ended++)
        {
            var first = underWay[0];
            underWay.RemoveAt(0);
            // Continuations run within, for there is nothing else that they could wait for.
            first.SetResult();
            seen.Add(underWay.Count);
        }

        Assert.True(await executing.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal([1, 2, 3, 4], seen[..4]);
        Assert.Equal(PlanExecutor.MaxParallel, most);
    }

    [Fact]
    public async Task After_a_failure_nothing_begins_and_what_is_under_way_ends_first()
    {
        var asked = 0;
        var slow = new TaskCompletionSource();
        var cluster = new ActingCluster(index =>
            ++asked == 3 ? Task.FromException(new ClusterConflictException("refused"))
            : index == 1 ? slow.Task
            : Task.CompletedTask
        );

        var executing = ExecuteAsync(cluster);
        var early = (executing.IsCompleted, asked);
        slow.SetResult();

        Assert.False(await executing.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal((false, 3), early);
        Assert.Equal(3, asked);
    }

    private static Task<bool> ExecuteAsync(ActingCluster cluster)
    {
        var actions = Enumerable.Range(0, Count).Select(i => new DeletePod($"{i}", "uid", TimeSpan.Zero));
        var plan = new Plan { Actions = [.. actions] };
        return new PlanExecutor(cluster).ExecuteAsync(new Observed(), plan, TestContext.Current.CancellationToken);
    }

    private sealed class ActingCluster(Func<int, Task> act) : ICluster
    {
        public Task<Observed?> ObserveAsync(RunKey run, CancellationToken cancellationToken) =>
            Task.FromResult<Observed?>(null);

        public Task ApplyAsync(Observed observed, PlanAction action, CancellationToken cancellationToken) =>
            act(int.Parse(((DeletePod)action).Name, System.Globalization.CultureInfo.InvariantCulture));
    }
}
