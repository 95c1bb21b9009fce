using CodeParrot.Evaluation.HumanEval.Problems;

namespace CodeParrot.Evaluation.Tests.HumanEval;

/// <summary>The problems that ship with the samples.</summary>
internal static class OwnProblems
{
    public static ProblemsFile File { get; } = Read();

    private static ProblemsFile Read()
    {
        var root = Directory.GetParent(ReferenceFolder.Path)!.Parent!.Parent!.FullName;
        var path = Path.Combine(root, "crds", "samples", "problems.jsonl");
        return ProblemsFile.Read(System.IO.File.ReadAllBytes(path), path);
    }
}
