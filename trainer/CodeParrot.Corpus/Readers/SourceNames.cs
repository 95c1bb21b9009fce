namespace CodeParrot.Corpus.Readers;

/// <summary>What the names of objects say of what they hold.</summary>
internal static class SourceNames
{
    private static readonly string[] JsonLines =
    [
        ".jsonl",
        ".json",
        ".jsonl.gz",
        ".json.gz",
        ".jsonl.zst",
        ".json.zst",
    ];

    public static bool IsJsonLines(string name) =>
        JsonLines.Any(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    public static bool IsGzip(string name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    public static bool IsZstandard(string name) => name.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);
}
