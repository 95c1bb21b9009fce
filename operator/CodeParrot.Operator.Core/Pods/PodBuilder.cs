using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Pods;

/// <summary>
/// Builds the pods of an attempt's stage from the status alone, as it was latched when the attempt began.
/// </summary>
public static class PodBuilder
{
    /// <summary>Name of a pod.</summary>
    public static string NameOf(string run, string stage, int attempt, int podIndex) =>
        $"{run}-{stage}-a{attempt}-{podIndex}";

    /// <summary>Pods of the current stage: the gang trains, every other stage is one pod.</summary>
    public static int CountOf(RunStatus status) => status.Stage == StageNames.Train ? Math.Max(1, status.Gang.Pods) : 1;

    /// <summary>One pod of the current stage.</summary>
    public static PodSpec Build(TrainingRun run, int podIndex)
    {
        var status = run.Status;
        var trains = status.Stage == StageNames.Train;
        var ranksPerPod = trains ? status.Gang.RanksPerPod : 1;
        return new PodSpec
        {
            Name = NameOf(run.Metadata.Name, status.Stage, status.Attempt, podIndex),
            Run = run.Metadata.Name,
            Namespace = run.Metadata.Namespace,
            RunUid = run.Metadata.Uid,
            Stage = status.Stage,
            Attempt = status.Attempt,
            PodIndex = podIndex,
            WorldSize = CountOf(status) * ranksPerPod,
            RanksPerPod = ranksPerPod,
            Threads = trains ? status.Gang.Threads : null,
            SpecHash = status.SpecHash,
            Branch = status.Branch,
            StartFrom = status.StartFrom?.Checkpoint ?? "",
            SkipSteps = status.StartFrom?.SkipSteps ?? 0,
            RendezvousKey = status.Gang.RendezvousKey,
            ExcludedNodes = status.ExcludedNodes,
            Labels = Labels(run, podIndex),
        };
    }

    private static SortedDictionary<string, string> Labels(TrainingRun run, int podIndex) =>
        new(StringComparer.Ordinal)
        {
            [LabelNames.ManagedBy] = LabelNames.ManagedByValue,
            [LabelNames.Run] = run.Metadata.Name,
            [LabelNames.RunUid] = run.Metadata.Uid,
            [LabelNames.Stage] = run.Status.Stage,
            [LabelNames.Attempt] = $"{run.Status.Attempt}",
            [LabelNames.PodIndex] = $"{podIndex}",
        };
}
