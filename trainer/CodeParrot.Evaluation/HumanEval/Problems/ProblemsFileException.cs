namespace CodeParrot.Evaluation.HumanEval.Problems;

/// <summary>
/// A file of problems cannot be used; the message names file, line, what was expected and what to do.
/// </summary>
/// <param name="file">Path or URI of the file.</param>
/// <param name="line">Line, counted from 1; 0 if the file as a whole is meant.</param>
/// <param name="problem">What is wrong and what to do.</param>
/// <param name="cause">The failure underneath, if any.</param>
public sealed class ProblemsFileException(string file, int line, string problem, Exception? cause = null)
    : Exception(line > 0 ? $"{file}:{line}: {problem}" : $"{file}: {problem}", cause)
{
    /// <summary>Path or URI of the file.</summary>
    public string File { get; } = file;

    /// <summary>Line, counted from 1; 0 if the file as a whole is meant.</summary>
    public int Line { get; } = line;
}
