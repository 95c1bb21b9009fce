using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>I1 and I2, and what pods may be made and stopped.</summary>
internal sealed class PodInvariants(ObjectStore store, Ledger ledger, Func<TimeSpan> now)
{
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, TimeSpan> _suspendedAt = [];
    private readonly HashSet<string> _made = [];

    /// <summary>Looks at a pod that the server has just accepted.</summary>
    public void Created(StoredObject pod)
    {
        var (runUid, stage, attempt, index) = Identity(pod.Body);
        if (!StageNames.All.Contains(stage) || FindRun(pod.Body) is not { } run)
        {
            return;
        }

        foreach (var other in Living(runUid).Where(o => o != pod))
        {
            var its = Identity(other.Body);
            ledger.Require(its.Attempt == attempt, "I1", $"{pod.Key.Name} was made while {other.Key.Name} lives");
            ledger.Require(its.Stage == stage, "I1", $"{pod.Key.Name} was made while {other.Key.Name} lives");
            ledger.Require(its.Index != index, "I2", $"{pod.Key.Name} and {other.Key.Name} are one rank");
        }

        var status = StatusReading.Of(run.Body);
        ledger.Require(
            status.Attempt == attempt && status.LivingAttempt() is not null,
            "intent before effect",
            $"{pod.Key.Name} was made in attempt {status.Attempt}, {status.Phase}"
        );
        ledger.Require(!status.IsTerminal(), "terminal", $"{pod.Key.Name} was made for a run that is over");
        ledger.Require(_made.Add($"{runUid}/{pod.Key.Name}"), "once", $"{pod.Key.Name} was made twice");
    }

    /// <summary>Looks at an operator's deletion of a pod as it is begun.</summary>
    public void Deletes(WriteAttempt write)
    {
        if (
            store.Find(write.Key) is not { IsDeleting: false } pod
            || (write.Uid.Length > 0 && write.Uid != pod.Uid)
            || FindRun(pod.Body) is not { IsDeleting: false } run
            || pod.Body.Text("status", "phase") is not ("Pending" or "Running")
        )
        {
            return;
        }

        var (_, stage, attempt, _) = Identity(pod.Body);
        var status = StatusReading.Of(run.Body);
        var current = status.LivingAttempt() is not null && status.Attempt == attempt && status.Stage == stage;
        var asked = _suspendedAt.TryGetValue(run.Uid, out var at) && at + Recently > now();
        ledger.Require(!current || asked, "healthy", $"{write.Key.Name} is stopped although its attempt lives");
    }

    /// <summary>Notes what users want of a run.</summary>
    public void RunChanged(StoredObject run)
    {
        if ((run.Body.At("spec", "suspend") as JsonValue)?.GetValue<bool>() == true)
        {
            _suspendedAt[run.Uid] = TimeSpan.MaxValue - Recently;
        }
        else if (_suspendedAt.TryGetValue(run.Uid, out var at) && at > now())
        {
            _suspendedAt[run.Uid] = now();
        }
    }

    /// <summary>Pods of a run that may have a process, by what the server knows.</summary>
    public IEnumerable<StoredObject> Living(string runUid) =>
        store
            .All(ResourceType.Pods)
            .Where(p => p.Body.Text("status", "phase") is "Pending" or "Running")
            .Where(p => Identity(p.Body).RunUid == runUid);

    private StoredObject? FindRun(JsonObject pod)
    {
        var (runUid, _, _, _) = Identity(pod);
        var key = new ObjectKey(
            ResourceType.TrainingRuns,
            pod.Text("metadata", "namespace"),
            pod.Text("metadata", "labels", LabelNames.Run)
        );
        return store.Find(key) is { } run && run.Uid == runUid ? run : null;
    }

    private static (string RunUid, string Stage, int Attempt, int Index) Identity(JsonObject pod)
    {
        string Label(string name) => pod.Text("metadata", "labels", name);
        return (
            Label(LabelNames.RunUid),
            Label(LabelNames.Stage),
            int.TryParse(Label(LabelNames.Attempt), out var attempt) ? attempt : 0,
            int.TryParse(Label(LabelNames.PodIndex), out var index) ? index : 0
        );
    }
}
