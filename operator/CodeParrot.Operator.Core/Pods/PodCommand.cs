using CodeParrot.Api.Names;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Pods;

/// <summary>The command line of a pod.</summary>
public static class PodCommand
{
    /// <summary>Arguments of the trainer: <c>launch -- train --spec run.yaml</c> and the like.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="specFile">Where the snapshot stands in the pod; not read by a pod without one.</param>
    /// <exception cref="ArgumentException">There is no such stage or task.</exception>
    public static IReadOnlyList<string> Arguments(PodSpec pod, string specFile) =>
        [
            "launch",
            "--",
            .. Words(pod.Stage),
            .. pod.Arguments,
            .. pod.SpecHash.Length > 0 ? ["--spec", specFile] : Array.Empty<string>(),
        ];

    private static string[] Words(string stage) =>
        stage switch
        {
            StageNames.Corpus => ["corpus", "build"],
            StageNames.Tokenizer => ["tokenizer", "train"],
            StageNames.Train => ["train"],
            StageNames.Evaluate => ["evaluate"],
            StageNames.Publish => ["publish"],
            TaskNames.Promote => ["store", "promote"],
            TaskNames.Cleanup => ["store", "delete"],
            _ => throw new ArgumentException($"unknown stage '{stage}'", nameof(stage)),
        };
}
