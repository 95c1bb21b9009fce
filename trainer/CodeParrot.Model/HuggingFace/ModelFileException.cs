namespace CodeParrot.Model.HuggingFace;

/// <summary>A model file is damaged, or of a kind that this engine does not read.</summary>
public class ModelFileException : Exception
{
    /// <param name="file">Path or name of the file.</param>
    /// <param name="problem">What is wrong, what was expected and what to do.</param>
    /// <param name="cause">The failure underneath, if any.</param>
    public ModelFileException(string file, string problem, Exception? cause = null)
        : base($"{file}: {problem}", cause)
    {
        File = file;
    }

    /// <summary>Path or name of the file.</summary>
    public string File { get; }
}
