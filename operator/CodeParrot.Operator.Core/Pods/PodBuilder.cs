using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Operator.Core.Pods;

/// <summary>
/// Builds the pods of an attempt's stage from the status alone, as it was latched when the attempt began.
/// </summary>
public static class PodBuilder
{
    private const string PromoteOnSuccess = $"publish.promote={PublishSpec.OnSuccess}";

    /// <summary>Name of a pod.</summary>
    public static string NameOf(string run, string stage, int attempt, int podIndex) =>
        $"{run}-{stage}-a{attempt}-{podIndex}";

    /// <summary>One pod of the current stage.</summary>
    public static PodSpec Build(TrainingRun run, int podIndex)
    {
        var status = run.Status;
        var trains = status.Stage == StageNames.Train;
        var ranksPerPod = trains ? status.Gang.RanksPerPod : 1;
        var generation = status.Gang.Replacing.FirstOrDefault(r => r.PodIndex == podIndex)?.Generation ?? 0;
        var labels = LabelsOf(run, status.Stage, podIndex);
        if (generation > 0)
        {
            labels[LabelNames.Generation] = $"{generation}";
        }

        return new PodSpec
        {
            Name = NameOf(run.Metadata.Name, status.Stage, status.Attempt, podIndex),
            Run = run.Metadata.Name,
            Namespace = run.Metadata.Namespace,
            RunUid = run.Metadata.Uid,
            Stage = status.Stage,
            Attempt = status.Attempt,
            PodIndex = podIndex,
            Generation = generation,
            WorldSize = GangSize.CountOf(status) * ranksPerPod,
            RanksPerPod = ranksPerPod,
            Threads = trains ? status.Gang.Threads : null,
            SpecHash = status.SpecHash,
            Branch = status.Branch,
            StartFrom = status.StartFrom?.Checkpoint ?? "",
            SkipSteps = status.StartFrom?.SkipSteps ?? 0,
            // A checkpoint that is promoted by its name is none of the stage's affair, whatever the snapshot says.
            Arguments = status.Stage == StageNames.Publish ? ["--set", PromoteOnSuccess] : [],
            RendezvousKey = trains ? status.Gang.RendezvousKey : "",
            ExcludedNodes = status.ExcludedNodes,
            Labels = labels,
        };
    }

    /// <summary>A short pod beside the stages that does one thing in the store.</summary>
    public static PodSpec BuildTask(TrainingRun run, string task, int number) =>
        new()
        {
            Name = TaskNameOf(run, task, number),
            Run = run.Metadata.Name,
            Namespace = run.Metadata.Namespace,
            RunUid = run.Metadata.Uid,
            Stage = task,
            Attempt = run.Status.Attempt,
            Labels = LabelsOf(run, task, podIndex: 0),
        };

    /// <summary>Name of a task's pod: with a part of the UID, because one may outlive its run.</summary>
    public static string TaskNameOf(TrainingRun run, string task, int number) =>
        $"{run.Metadata.Name}-{task}-{run.Metadata.Uid[..Math.Min(8, run.Metadata.Uid.Length)]}-{number}";

    private static SortedDictionary<string, string> LabelsOf(TrainingRun run, string stage, int podIndex) =>
        new(StringComparer.Ordinal)
        {
            [LabelNames.ManagedBy] = LabelNames.ManagedByValue,
            [LabelNames.Run] = run.Metadata.Name,
            [LabelNames.RunUid] = run.Metadata.Uid,
            [LabelNames.Stage] = stage,
            [LabelNames.Attempt] = $"{run.Status.Attempt}",
            [LabelNames.PodIndex] = $"{podIndex}",
        };
}
