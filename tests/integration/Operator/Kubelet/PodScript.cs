namespace CodeParrot.Integration.Tests.Operator.Kubelet;

/// <summary>What the pods of a run do.</summary>
/// <param name="Play">Their life; ended when they are to stop.</param>
/// <param name="Stop">What they do when they are to stop, up to the object's removal; null for the usual.</param>
internal sealed record PodScript(Func<WrittenPod, Task> Play, Func<WrittenPod, Task>? Stop = null)
{
    /// <summary>Pods that do all that is wanted of them.</summary>
    public static PodScript Obliging { get; } = new(Trainers.WorkAsync);

    /// <summary>Obliging pods but for those that a condition names.</summary>
    public static PodScript Except(Func<WrittenPod, bool> which, Func<WrittenPod, Task> play) =>
        new(pod => which(pod) ? play(pod) : Trainers.WorkAsync(pod));
}
