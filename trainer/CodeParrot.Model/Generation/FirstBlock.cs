namespace CodeParrot.Model.Generation;

/// <summary>
/// Cuts generated code after its first block: a model goes on to write the next function, class or script line, which
/// is no part of the completion. A text in which none begins stays whole.
/// </summary>
public static class FirstBlock
{
    /// <summary>Beginnings of a line at column 0 that start something new.</summary>
    public static IReadOnlyList<string> StopStrings { get; } = ["\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif"];

    /// <summary>The text before the first stop string.</summary>
    public static string Truncate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var end = StopStrings
            .Select(stop => text.IndexOf(stop, StringComparison.Ordinal))
            .Where(index => index >= 0)
            .DefaultIfEmpty(text.Length)
            .Min();
        return text[..end];
    }
}
