namespace CodeParrot.Contract.Manifest;

/// <summary>A manifest that cannot be used: every mistake found in it.</summary>
/// <param name="source">The file, for the message.</param>
/// <param name="mistakes">At least one mistake.</param>
public sealed class ManifestException(string source, IReadOnlyList<SpecMistake> mistakes)
    : Exception($"{source} has {Count(mistakes.Count)}:\n" + string.Join('\n', mistakes.Select(m => "  " + m)))
{
    /// <summary>All mistakes, in the order of the file.</summary>
    public IReadOnlyList<SpecMistake> Mistakes { get; } = mistakes;

    private static string Count(int count) => count == 1 ? "a mistake" : $"{count} mistakes";
}
