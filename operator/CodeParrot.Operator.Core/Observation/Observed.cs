using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Observation;

/// <summary>All that the planner knows: one run and its pods, at one moment.</summary>
public sealed record Observed
{
    /// <summary>The run with its status.</summary>
    public TrainingRun Run { get; init; } = new();

    /// <summary>Pods with the run's label, whoever owns them.</summary>
    public IReadOnlyList<PodObservation> Pods { get; init; } = [];

    /// <summary>
    /// The pod of a stage with index 0 that went last, in the state in which it went: what it said may have been seen
    /// by nobody. Null for none that said anything.
    /// </summary>
    public PodObservation? Departed { get; init; }

    /// <summary>Newest answer of rank 0's pod; null for none.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>
    /// Nodes of pods that should have gone long ago, as <see cref="NodeQuestions"/> asks for them; no entry for a node
    /// that was not asked for.
    /// </summary>
    public IReadOnlyDictionary<string, NodeState> Nodes { get; init; } = new Dictionary<string, NodeState>();

    /// <summary>True where the run's namespace is being deleted: nothing can be made in it any more.</summary>
    public bool NamespaceTerminating { get; init; }

    /// <summary>
    /// Letters that nobody can guess, new with each observation: names of secrets are made with them.
    /// </summary>
    public string Nonce { get; init; } = "";

    /// <summary>The time of the observation: the only clock that the planner has.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>
    /// Since when the observer looks without a gap; null for always. What was silent before may only have been unseen.
    /// </summary>
    public DateTimeOffset? LookedSince { get; init; }

    /// <summary>Grows with every change of what is observed.</summary>
    public long Version { get; init; }

    /// <summary>Status of the run.</summary>
    public RunStatus Status => Run.Status;

    /// <summary>True once the spec of today was judged and has no mistakes.</summary>
    public bool IsAccepted() =>
        Status.Condition(ConditionTypes.Accepted) is { Status: RunCondition.True } judged
        && judged.ObservedGeneration == Run.Metadata.Generation;

    /// <summary>What pods of this run's stages said at their end, and one of the newest attempt that is gone.</summary>
    public IEnumerable<TerminationMessage> Messages() => Speakers().Select(p => p.Message!);

    /// <summary>The pods that said it.</summary>
    public IEnumerable<PodObservation> Speakers() =>
        OwnPods().Append(Departing()).OfType<PodObservation>().Where(p => p.Message is not null);

    /// <summary>Pods of this run's stages, and not of another of the same name, by name.</summary>
    public IEnumerable<PodObservation> OwnPods() => All().Where(p => !TaskNames.IsTask(p.Stage));

    /// <summary>Pods of a task of this run, by name.</summary>
    public IEnumerable<PodObservation> TaskPods(string task) => All().Where(p => p.Stage == task);

    /// <summary>Pods of this run, those of its stages and of its tasks, by name.</summary>
    public IEnumerable<PodObservation> All() =>
        Pods.Where(p => p.RunUid == Run.Metadata.Uid).OrderBy(p => p.Name, StringComparer.Ordinal);

    /// <summary>Own pods of the current attempt's stage; none while no attempt lives.</summary>
    public IEnumerable<PodObservation> StagePods() => OwnPods().Where(IsCurrent);

    /// <summary>True for a pod that the living attempt's stage wants.</summary>
    public bool IsCurrent(PodObservation pod) => IsOfStage(pod) && !IsSuperseded(pod);

    /// <summary>True for a lost pod of the living attempt's stage that is to be replaced.</summary>
    public bool IsSuperseded(PodObservation pod) =>
        IsOfStage(pod) && Status.Gang.Replacing.Any(r => r.PodIndex == pod.PodIndex && r.Generation > pod.Generation);

    /// <summary>The newest progress, unless it is of another run, attempt or stage.</summary>
    public RunProgress? CurrentProgress() =>
        Progress is { } p
        && Status.LivingAttempt() is not null
        && p.RunUid == Run.Metadata.Uid
        && p.Attempt == Status.Attempt
        && p.Stage == Status.Stage
            ? p
            : null;

    private bool IsOfStage(PodObservation pod) =>
        Status.LivingAttempt() is not null && pod.Attempt == Status.Attempt && pod.Stage == Status.Stage;

    private PodObservation? Departing() =>
        Departed is { } pod && pod.RunUid == Run.Metadata.Uid && pod.Attempt == Status.Attempt ? pod : null;
}
