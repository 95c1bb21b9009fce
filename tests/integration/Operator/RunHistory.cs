using System.Collections.Concurrent;
using System.Text.Json;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>Every state of every run that a watch told of.</summary>
internal sealed class RunHistory : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<TrainingRun>> _states = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _following;

    /// <summary>Follows the runs from now on.</summary>
    public RunHistory(IApiServer server) =>
        _following = new Follower(server, ResourceType.TrainingRuns, "", See).RunAsync(_end.Token);

    /// <summary>All states of a run, and of others of its name before it, oldest first.</summary>
    public IReadOnlyCollection<TrainingRun> Of(string @namespace, string name) =>
        _states.TryGetValue($"{@namespace}/{name}", out var states) ? states : [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _end.Cancel();
        await _following;
        _end.Dispose();
    }

    private void See(WatchEventKind kind, JsonElement item)
    {
        TrainingRun run;
        try
        {
            run = item.Deserialize<TrainingRun>(ApiJson.Compact)!;
        }
        catch (JsonException)
        {
            // One story has a run that cannot be read.
            return;
        }

        var states = _states.GetOrAdd($"{run.Metadata.Namespace}/{run.Metadata.Name}", _ => new());
        if (states.LastOrDefault()?.Metadata.ResourceVersion != run.Metadata.ResourceVersion)
        {
            states.Enqueue(run);
        }
    }
}
