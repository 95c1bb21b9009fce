using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Stages;

/// <summary>What a finished stage leaves in the status.</summary>
internal static class StageResult
{
    // What the schema takes.
    private const int MaxOutputs = 64;

    /// <summary>
    /// True when every pod of the current stage is there and succeeded, or as many as are enough for it, pod 0 among
    /// them, or what training was to make is made.
    /// </summary>
    public static bool IsDone(Observed observed) =>
        GangSize.IsEnough(observed.Status, [.. observed.StagePods().Where(p => p.Phase == PodPhase.Succeeded)])
        || TrainingEnd.IsDone(observed);

    /// <summary>
    /// True where the first pods of a stage that goes on without some have succeeded, and those that run are enough to
    /// end it: what became of the others does not matter any more.
    /// </summary>
    public static bool IsEnding(Observed observed)
    {
        var working = observed.StagePods().Where(p => p.Phase is PodPhase.Running or PodPhase.Succeeded).ToList();
        return GangSize.IsElastic(observed.Status)
            && working.Exists(p => p.Phase == PodPhase.Succeeded)
            && GangSize.IsEnough(observed.Status, working);
    }

    /// <summary>Latches the current stage with the outputs of its pods; pod 0 wins where two name the same.</summary>
    public static RunStatus Latch(Observed observed, RunStatus status)
    {
        var outputs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in observed.StagePods().OrderBy(p => p.PodIndex).SelectMany(Outputs))
        {
            if (outputs.Count < MaxOutputs)
            {
                outputs.TryAdd(name, value);
            }
        }

        var done = new StageStatus
        {
            Attempt = status.Attempt,
            CompletedAt = observed.Now,
            Outputs = outputs,
        };
        var stages = new SortedDictionary<string, StageStatus>(status.Stages.ToDictionary(), StringComparer.Ordinal)
        {
            [status.Stage] = done,
        };
        var publishes = status.Stage == StageNames.Publish && outputs.ContainsKey(StageOutputs.Published);
        return status with
        {
            Stages = stages,
            Progress = LastStep(observed, status),
            Published = publishes ? outputs[StageOutputs.Published] : status.Published,
        };
    }

    // The last reading is a moment older than the end.
    private static ProgressStatus? LastStep(Observed observed, RunStatus status)
    {
        var said = observed.StagePods().Select(p => p.Message?.Step ?? 0).DefaultIfEmpty().Max();
        return status.Stage != StageNames.Train || said == 0
            ? status.Progress
            : (status.Progress ?? new ProgressStatus()) with
            {
                Stage = status.Stage,
                Step = said,
                MaxSteps = Math.Max(said, status.Progress is { Stage: StageNames.Train } p ? p.MaxSteps : 0),
            };
    }

    private static IEnumerable<KeyValuePair<string, string>> Outputs(PodObservation pod) =>
        pod.Message is { } message ? message.Outputs : [];
}
