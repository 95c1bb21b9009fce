namespace CodeParrot.Corpus.Readers;

/// <summary>A line or file that could not be read as what it should be.</summary>
/// <param name="File">The object's key in the source.</param>
/// <param name="Line">The line, from 1; 0 when the file as a whole is meant.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BadInput(string File, long Line, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? $"{File}: {Reason}" : $"{File}, line {Line}: {Reason}";
}
