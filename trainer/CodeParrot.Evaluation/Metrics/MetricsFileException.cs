namespace CodeParrot.Evaluation.Metrics;

/// <summary>A metrics file cannot be read; the message names file, line and what was expected.</summary>
public sealed class MetricsFileException : Exception
{
    /// <param name="file">Path of the file.</param>
    /// <param name="line">Line, counted from 1; 0 if the file as a whole is meant.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="cause">The failure underneath, if any.</param>
    public MetricsFileException(string file, long line, string problem, Exception? cause = null)
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
