namespace CodeParrot.Evaluation;

/// <summary>
/// A file of token ids cannot be used; the message names file, line, what was expected and what to do.
/// </summary>
public sealed class TokensFileException : Exception
{
    /// <param name="file">Path of the file.</param>
    /// <param name="line">Line, counted from 1; 0 if the file as a whole is meant.</param>
    /// <param name="problem">What is wrong and what to do.</param>
    /// <param name="cause">The failure underneath, if any.</param>
    public TokensFileException(string file, long line, string problem, Exception? cause = null)
        : base(line > 0 ? $"{file}:{line}: {problem}" : $"{file}: {problem}", cause)
    {
        File = file;
        Line = line;
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>Line, counted from 1; 0 if the file as a whole is meant.</summary>
    public long Line { get; }
}
