using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Invariants;
using CodeParrot.Simulation.Tests.Runs;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.Faults;

/// <summary>
/// A cluster that others use too: the pods that a run can do without find no node for a long time, or never; all
/// others do not for a short one.
/// </summary>
internal sealed class Room(SimulatedApiServer server, Random random)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(50);

    private readonly bool _neverForAll = random.Next(3) == 0;
    private TimeSpan _fullUntil;
    private TimeSpan _tightUntil;

    private Scheduler Scheduler => server.Scheduler;

    public void Start()
    {
        _tightUntil = TimeSpan.FromSeconds(random.Next(2) * random.Next(150));
        Scheduler.After(Interval * random.NextDouble(), Strike);
    }

    /// <summary>True where a pod may be given a node now.</summary>
    public bool Has(JsonObject pod)
    {
        var labels = pod["metadata"]!["labels"]!.AsObject();
        if (labels.Text(LabelNames.Stage) != StageNames.Train)
        {
            return true;
        }

        var key = new ObjectKey(ResourceType.TrainingRuns, Scenario.Namespace, labels.Text(LabelNames.Run));
        if (server.Store.Find(key) is not { } run)
        {
            return true;
        }

        var workers = StatusReading.SpecOf(run.Body).Workers;
        var least = (workers.MinCount ?? workers.Count) / workers.GpusPerPod;
        var isNeeded = int.Parse(labels.Text(LabelNames.PodIndex)) < least;
        return isNeeded ? Scheduler.Now >= _fullUntil : !_neverForAll && Scheduler.Now >= _tightUntil;
    }

    private void Strike()
    {
        if (!server.Faults.Active)
        {
            return;
        }

        if (random.Next(4) == 0)
        {
            _fullUntil = Scheduler.Now + TimeSpan.FromSeconds(3 + random.Next(20));
        }

        if (random.Next(2) == 0)
        {
            _tightUntil = Scheduler.Now + TimeSpan.FromSeconds(10 + random.Next(150));
        }

        Scheduler.Tell("room", $"none until {_fullUntil.TotalSeconds:F0}, for few until {_tightUntil.TotalSeconds:F0}");
        Scheduler.After(Interval * (0.5 + random.NextDouble()), Strike);
    }
}
