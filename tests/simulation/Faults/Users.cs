using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Invariants;
using CodeParrot.Simulation.Tests.Runs;

namespace CodeParrot.Simulation.Tests.Faults;

/// <summary>People who edit, delete and make runs anew.</summary>
internal sealed class Users(SimulatedApiServer server, Random random, IReadOnlyList<string> names)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    public void Start() => server.Scheduler.After(Interval * random.NextDouble(), Act);

    /// <summary>Lets suspended runs go on, most of them.</summary>
    public void Finish()
    {
        foreach (var run in server.Store.All(ResourceType.TrainingRuns).ToList())
        {
            if (StatusReading.SpecOf(run.Body).Suspend && random.Next(4) > 0)
            {
                Edit(run, "resumes", """{ "spec": { "suspend": false } }""");
            }
        }
    }

    private void Act()
    {
        if (!server.Faults.Active)
        {
            return;
        }

        var key = new ObjectKey(ResourceType.TrainingRuns, Scenario.Namespace, names[random.Next(names.Count)]);
        if (server.Store.Find(key) is { } run)
        {
            Change(run);
        }
        else
        {
            MakeAgain(key);
        }

        server.Scheduler.After(Interval * (0.3 + random.NextDouble()), Act);
    }

    private void Change(StoredObject run)
    {
        var status = StatusReading.Of(run.Body);
        var spec = StatusReading.SpecOf(run.Body);
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                Edit(
                    run,
                    "suspends or resumes",
                    $$"""{ "spec": { "suspend": {{(spec.Suspend ? "false" : "true")}} } }"""
                );
                break;
            case 3 or 4:
                // Some remember what was there a while ago.
                var steps = status.Checkpoints.Select(c => c.Step).ToList();
                steps = [.. steps, 77, Math.Max(0, steps.DefaultIfEmpty().Min() - 5)];
                var to = steps[random.Next(steps.Count)];
                Edit(
                    run,
                    $"rolls back to {to}",
                    $$"""{ "spec": { "rollback": { "toStep": {{to}}, "nonce": "{{random.Next(100)}}" } } }"""
                );
                break;
            case 5:
                var promote =
                    status.Checkpoints.Count > 0
                        ? $"{status.Checkpoints[0].Branch}/{status.Checkpoints[0].Name}"
                        : "Never";
                promote = random.Next(2) == 0 ? "OnSuccess" : promote;
                Edit(run, $"promotes {promote}", $$"""{ "spec": { "publish": { "promote": "{{promote}}" } } }""");
                break;
            case 6:
                var every = 2 + random.Next(5);
                Edit(run, "edits the recipe", $$"""{ "spec": { "checkpoints": { "everySteps": {{every}} } } }""");
                break;
            case 7:
                var batch = spec.Training.BatchSize == 12 ? 13 : 12;
                Edit(run, "edits what must stay", $$"""{ "spec": { "training": { "batchSize": {{batch}} } } }""");
                break;
            case 8:
                Edit(run, "labels it", $$"""{ "metadata": { "labels": { "seen": "{{random.Next(100)}}" } } }""");
                break;
            default:
                var foreground = random.Next(2) == 0;
                server.Scheduler.Tell("user", $"deletes {run.Key.Name}{(foreground ? " in the foreground" : "")}");
                server.Writer.Delete(run.Key, "", grace: null, foreground);
                server.Scheduler.After(TimeSpan.FromSeconds(random.Next(20)), () => MakeAgain(run.Key));
                break;
        }
    }

    private void MakeAgain(ObjectKey key)
    {
        if (server.Faults.Active && server.Store.Find(key) is null)
        {
            server.Scheduler.Tell("user", $"makes {key.Name}");
            server.Writer.Create(key.Type, Scenario.Run(key.Name, random, server.Faults));
        }
    }

    private void Edit(StoredObject run, string what, string patch)
    {
        if (!run.IsDeleting)
        {
            server.Scheduler.Tell("user", $"{what}: {run.Key.Name}");
            server.Writer.Patch(run.Key, JsonNode.Parse(patch)!.AsObject());
        }
    }
}
