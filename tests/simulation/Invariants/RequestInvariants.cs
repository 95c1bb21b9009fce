using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>
/// A request for a checkpoint is served once on the way of a run, and only that of its own user; a gang that trains is
/// told of it in time; and the status says of it what came to pass.
/// </summary>
internal sealed class RequestInvariants(ObjectStore objects, Ledger ledger)
{
    // A question may be older than the request, and that of a late watch or a new leader too.
    private const int MostQuestions = 8;

    private readonly HashSet<(string RunUid, string Nonce)> _asked = [];
    private readonly Dictionary<(string RunUid, string Nonce), int> _unsaid = [];
    private readonly HashSet<(string RunUid, string Branch, string Nonce)> _served = [];

    /// <summary>Looks at a version of a run.</summary>
    public void Seen(StoredObject run) => _asked.Add((run.Uid, NonceOf(run)));

    /// <summary>Looks at one version of a run behind another.</summary>
    public void Changed(StoredObject before, StoredObject after)
    {
        var old = StatusReading.Of(before.Body);
        var next = StatusReading.Of(after.Body);
        if (next.CheckpointRequest is not { } answer || answer == old.CheckpointRequest)
        {
            return;
        }

        var name = after.Key.Name;
        ledger.Require(
            answer.Nonce.Length > 0 && answer.Nonce != old.CheckpointRequest?.Nonce,
            "requests",
            $"{name} answers {answer.Nonce} twice"
        );
        var isServed = _served.Any(s => s.RunUid == after.Uid && s.Nonce == answer.Nonce);
        if (answer.Result == ConditionReasons.CheckpointTaken)
        {
            ledger.Require(isServed, "requests", $"{name} says that {answer.Checkpoint} serves {answer.Nonce}");
            return;
        }

        var train = next.Stages.GetValueOrDefault(StageNames.Train);
        ledger.Require(
            next.IsTerminal() || train is not null,
            "requests",
            $"{name} says that training is over to {answer.Nonce}"
        );
        var last = train is null ? null : ledger.GangOf(after.Uid, train.Attempt);
        ledger.Require(
            last?.Newest?.ServedRequest?.Nonce != answer.Nonce,
            "requests",
            $"{name} says that {answer.Nonce} came too late, and its last gang has served it"
        );
    }

    /// <summary>Looks at a checkpoint that is complete.</summary>
    public void Committed(PodIdentity by, StoredCheckpoint checkpoint)
    {
        if (checkpoint.ServedRequest is not { } request || request.Checkpoint != checkpoint.Reference)
        {
            return;
        }

        ledger.Require(
            _asked.Contains((by.RunUid, request.Nonce)),
            "requests",
            $"{by.Run} serves {request.Nonce}, which nobody asked of it"
        );
        ledger.Require(
            _served.Add((by.RunUid, by.Branch, request.Nonce)),
            "requests",
            $"{checkpoint.Reference} of {by.Run} serves {request.Nonce} again"
        );
    }

    /// <summary>Looks at a question for progress that came to a pod.</summary>
    public void Questioned(PodProcess pod, CheckpointRequest? request)
    {
        var it = pod.Identity;
        var run = objects.Find(new ObjectKey(ResourceType.TrainingRuns, it.Namespace, it.Run));
        if (it.Stage != StageNames.Train || it.PodIndex != 0 || run?.Uid != it.RunUid || !Waits(run, it.Attempt))
        {
            return;
        }

        var key = (it.RunUid, NonceOf(run));
        _unsaid[key] = request?.Nonce == key.Item2 ? 0 : _unsaid.GetValueOrDefault(key) + 1;
        ledger.Require(
            _unsaid[key] <= MostQuestions,
            "requests",
            $"{it.Name} is asked for its progress again and again, and not told of {key.Item2}"
        );
    }

    // Whether a gang is to be told of a request now.
    private static bool Waits(StoredObject run, int attempt)
    {
        var status = StatusReading.Of(run.Body);
        var nonce = NonceOf(run);
        return nonce.Length > 0
            && nonce != status.CheckpointRequest?.Nonce
            && status.LivingAttempt()?.Number == attempt
            && status.Condition(ConditionTypes.Accepted) is { Status: RunCondition.True } judged
            && judged.ObservedGeneration == (long)run.Body["metadata"]!["generation"]!;
    }

    private static string NonceOf(StoredObject run) => StatusReading.SpecOf(run.Body).Checkpoints.RequestNonce;
}
