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

    /// <summary>Newest answer of rank 0's pod; null for none.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>
    /// Nodes of pods that should have gone long ago, as <see cref="NodeQuestions"/> asks for them; no entry for a node
    /// that was not asked for.
    /// </summary>
    public IReadOnlyDictionary<string, NodeState> Nodes { get; init; } = new Dictionary<string, NodeState>();

    /// <summary>Letters that nobody can guess, new with each observation: names of secrets are made with them.</summary>
    public string Nonce { get; init; } = "";

    /// <summary>The time of the observation: the only clock that the planner has.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Grows with every change of what is observed.</summary>
    public long Version { get; init; }

    /// <summary>Status of the run.</summary>
    public RunStatus Status => Run.Status;

    /// <summary>Pods of this run, and not of another of the same name, by name.</summary>
    public IEnumerable<PodObservation> OwnPods() =>
        Pods.Where(p => p.RunUid == Run.Metadata.Uid).OrderBy(p => p.Name, StringComparer.Ordinal);

    /// <summary>Own pods of the current attempt's stage; none while no attempt lives.</summary>
    public IEnumerable<PodObservation> StagePods() => OwnPods().Where(IsCurrent);

    /// <summary>True for a pod that the living attempt's stage wants.</summary>
    public bool IsCurrent(PodObservation pod) =>
        Status.LivingAttempt() is not null && pod.Attempt == Status.Attempt && pod.Stage == Status.Stage;

    /// <summary>The newest progress, unless it is of another run, attempt or stage.</summary>
    public RunProgress? CurrentProgress() =>
        Progress is { } p
        && Status.LivingAttempt() is not null
        && p.RunUid == Run.Metadata.Uid
        && p.Attempt == Status.Attempt
        && p.Stage == Status.Stage
            ? p
            : null;
}
