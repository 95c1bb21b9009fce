using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Runs;

namespace CodeParrot.Simulation.Tests.Faults;

/// <summary>People who ask for checkpoints at any time, and now and then make a run with such a request.</summary>
internal sealed class Requests(SimulatedApiServer server, Random random, IReadOnlyList<string> names)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private int _count;

    public void Start()
    {
        foreach (var name in names.Where(_ => random.Next(4) == 0))
        {
            Ask(name);
        }

        server.Scheduler.After(Interval * random.NextDouble(), Act);
    }

    private void Act()
    {
        if (!server.Faults.Active)
        {
            return;
        }

        Ask(names[random.Next(names.Count)]);
        server.Scheduler.After(Interval * (0.2 + random.NextDouble()), Act);
    }

    private void Ask(string name)
    {
        var key = new ObjectKey(ResourceType.TrainingRuns, Scenario.Namespace, name);
        if (server.Store.Find(key) is { IsDeleting: false })
        {
            // Some take their request back.
            var nonce = random.Next(8) == 0 ? "" : $"request-{++_count}";
            server.Scheduler.Tell("user", $"asks for a checkpoint of {name}: '{nonce}'");
            server.Writer.Patch(
                key,
                JsonNode.Parse($$"""{ "spec": { "checkpoints": { "requestNonce": "{{nonce}}" } } }""")!.AsObject()
            );
        }
    }
}
