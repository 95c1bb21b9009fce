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

    // From the status write that a creation stands behind to its effect: a short pause and a slow request.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);

    // When users last wanted a run to stand still, and since when they do; null in the second for not any more.
    private readonly Dictionary<string, (TimeSpan Last, TimeSpan? Since)> _suspended = [];
    private readonly HashSet<string> _made = [];
    private readonly HashSet<string> _deleted = [];

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
            if (!StageNames.All.Contains(its.Stage))
            {
                // A task beside the attempt.
                continue;
            }

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
        // An attempt, or a stage, begins with none; they are written with the intent to make its pods.
        ledger.Require(
            status.Workers is not null,
            "intent before effect",
            $"{pod.Key.Name} was made before the status said how many there are to be"
        );
        ledger.Require(!status.IsTerminal(), "terminal", $"{pod.Key.Name} was made for a run that is over");
        ledger.Require(
            !_suspended.TryGetValue(runUid, out var held) || !(held.Since + Late < now()),
            "suspend",
            $"{pod.Key.Name} was made although its run is suspended"
        );
        ledger.Require(
            status.Gang.Generation >= GenerationOf(pod.Body),
            "intent before effect",
            $"{pod.Key.Name} was made in generation {status.Gang.Generation} of its gang"
        );
        ledger.Require(_made.Add(KeyOf(pod)), "once", $"{pod.Key.Name} was made twice");
    }

    /// <summary>Looks at a pod that is gone: what somebody else removed may be made again.</summary>
    public void Gone(StoredObject pod)
    {
        if (!_deleted.Contains(pod.Uid))
        {
            _made.Remove(KeyOf(pod));
        }
    }

    /// <summary>Looks at an operator's deletion of a pod as it is begun.</summary>
    public void Deletes(WriteAttempt write)
    {
        _deleted.Add(write.Uid);
        ledger.Require(write.Uid.Length > 0, "guards", $"{write.Key.Name} is deleted whatever its UID is");
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
        var asked = _suspended.TryGetValue(run.Uid, out var held) && held.Last + Recently > now();
        ledger.Require(!current || asked, "healthy", $"{write.Key.Name} is stopped although its attempt lives");
    }

    /// <summary>Notes what users want of a run.</summary>
    public void RunChanged(StoredObject run)
    {
        var held = _suspended.GetValueOrDefault(run.Uid);
        if ((run.Body.At("spec", "suspend") as JsonValue)?.GetValue<bool>() == true)
        {
            _suspended[run.Uid] = (TimeSpan.MaxValue - Recently, held.Since ?? now());
        }
        else if (held.Since is not null)
        {
            _suspended[run.Uid] = (now(), null);
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

    private static string KeyOf(StoredObject pod) =>
        $"{Identity(pod.Body).RunUid}/{pod.Key.Name}/{GenerationOf(pod.Body)}";

    private static int GenerationOf(JsonObject pod) =>
        int.TryParse(pod.Text("metadata", "labels", LabelNames.Generation), out var generation) ? generation : 0;

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
