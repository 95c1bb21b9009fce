using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Tests.Hosting;

/// <summary>How runs go that the planner does not look after.</summary>
public class DepartureTests
{
    private readonly VirtualTime _time = new();
    private readonly MemoryServer _server;

    public DepartureTests() => _server = new MemoryServer(_time);

    [Fact]
    public void A_run_that_cannot_be_read_goes_and_what_it_leaves_is_told()
    {
        var bad = Loops.Run("bad");
        bad["spec"]!["training"]!["precision"] = "Fp4";
        bad["metadata"]!["finalizers"] = new JsonArray(FinalizerNames.Artifacts, "example.com/theirs");
        bad["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";

        Play(() => _server.CreateAsync(ResourceType.TrainingRuns, bad, default));

        var left = _server.Find(ResourceType.TrainingRuns, "bad")!["metadata"]!["finalizers"]!.AsArray();
        Assert.Equal(["example.com/theirs"], left.Select(f => (string?)f));
        var told = Assert.Single(_server.All(ResourceType.Events));
        Assert.Equal(("Warning", ConditionReasons.ArtifactsLeft), ((string?)told["type"], (string?)told["reason"]));
        Assert.Contains("runs/default/bad of store s3://models/x", (string?)told["note"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_gang_that_Kueue_holds_back_is_released_when_its_run_is_gone()
    {
        Play(async () =>
        {
            await _server.CreateAsync(
                ResourceType.Pods,
                Pod("gone-train-a1-0", "gone-1234-a1", deleting: true),
                default
            );
            await _server.CreateAsync(
                ResourceType.Pods,
                Pod("gone-train-a1-1", "gone-1234-a1", deleting: true),
                default
            );
            await _server.CreateAsync(
                ResourceType.Pods,
                Pod("gone-train-a2-0", "gone-1234-a2", deleting: false),
                default
            );
            await _server.CreateAsync(ResourceType.Pods, Pod("gone-train-a3-0", "", deleting: true), default);
        });

        var released = _server.Writes.Where(w => w.Contains("workloads/", StringComparison.Ordinal)).Distinct();
        Assert.Equal(["delete workloads/default/gone-1234-a1"], released);
    }

    private void Play(Func<Task> prepare) =>
        VirtualThread.Run(
            _time,
            async () =>
            {
                await prepare();
                using var stop = new CancellationTokenSource();
                using var loop = Loops.Create(_server, _time);
                var running = loop.RunAsync(stop.Token);
                await Task.Delay(TimeSpan.FromMinutes(1), _time, default);
                stop.Cancel();
                await running;
            }
        );

    private static JsonObject Pod(string name, string group, bool deleting)
    {
        var labels = new JsonObject
        {
            [LabelNames.ManagedBy] = LabelNames.ManagedByValue,
            [LabelNames.Run] = "gone",
            [LabelNames.Stage] = "train",
        };
        if (group.Length > 0)
        {
            labels["kueue.x-k8s.io/pod-group-name"] = group;
        }

        var metadata = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = "default",
            ["labels"] = labels,
        };
        if (deleting)
        {
            metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        }

        return new JsonObject
        {
            ["metadata"] = metadata,
            ["status"] = new JsonObject { ["phase"] = "Pending" },
        };
    }
}
