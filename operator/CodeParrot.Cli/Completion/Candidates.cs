using System.CommandLine;

namespace CodeParrot.Cli.Completion;

/// <summary>What the last word of a command line may become.</summary>
internal static class Candidates
{
    /// <summary>Words that begin as the last one does.</summary>
    /// <param name="root">The command.</param>
    /// <param name="words">Words behind the program's name; the last one is being typed, and may be empty.</param>
    public static IReadOnlyList<string> Of(Command root, IReadOnlyList<string> words)
    {
        var typed = words.Count == 0 ? "" : words[^1];
        var line = string.Join(' ', words.Select(Quoted));
        return
        [
            .. root.Parse(line)
                .GetCompletions(line.Length)
                .Select(c => c.Label)
                .Where(l => l.StartsWith(typed, StringComparison.Ordinal))
                // One-letter forms and help's other names stand beside the ones that say something.
                .Where(l => !l.StartsWith('/') && l is not ("-?" or "-h"))
                .Distinct(),
        ];
    }

    private static string Quoted(string word) =>
        word.Contains(' ', StringComparison.Ordinal)
            ? $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : word;
}
