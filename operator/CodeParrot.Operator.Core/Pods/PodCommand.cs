using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Pods;

/// <summary>The command line of a pod.</summary>
public static class PodCommand
{
    /// <summary>Arguments of the trainer: <c>launch -- train --spec run.yaml</c> and the like.</summary>
    /// <param name="stage">The stage, in lower case.</param>
    /// <param name="specFile">Where the snapshot stands in the pod.</param>
    /// <exception cref="ArgumentException">There is no such stage.</exception>
    public static IReadOnlyList<string> Arguments(string stage, string specFile) =>
        ["launch", "--", .. Words(stage), "--spec", specFile];

    private static string[] Words(string stage) =>
        stage switch
        {
            StageNames.Corpus => ["corpus", "build"],
            StageNames.Tokenizer => ["tokenizer", "train"],
            StageNames.Train => ["train"],
            StageNames.Evaluate => ["evaluate"],
            StageNames.Publish => ["publish"],
            _ => throw new ArgumentException($"unknown stage '{stage}'", nameof(stage)),
        };
}
