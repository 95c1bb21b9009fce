namespace CodeParrot.Corpus;

/// <summary>
/// A table of the source is not what its name says, or is damaged so that the rest of it cannot be told.
/// </summary>
/// <param name="uri">The source as it was named.</param>
/// <param name="file">The object's key in the source.</param>
/// <param name="problem">What is wrong, as in "is truncated".</param>
/// <param name="remedy">What to do.</param>
/// <param name="cause">What the reader of the format said.</param>
public sealed class SourceDamagedException(
    string uri,
    string file,
    string problem,
    string remedy,
    Exception? cause = null
) : CorpusException($"corpus source '{uri}': {file} {problem}; {remedy}", cause)
{
    /// <summary>Gets the source as it was named.</summary>
    public string Uri => uri;

    /// <summary>Gets the object's key in the source.</summary>
    public string File => file;
}
