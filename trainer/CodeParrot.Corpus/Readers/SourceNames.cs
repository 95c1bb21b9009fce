namespace CodeParrot.Corpus.Readers;

/// <summary>What the names of objects say of what they hold.</summary>
internal static class SourceNames
{
    private static readonly string[] Compressions = ["", ".gz", ".zst"];
    private static readonly string[] JsonLines = WithCompressions(".jsonl", ".json");
    private static readonly string[] Csv = WithCompressions(".csv");
    private static readonly string[] Parquet = [".parquet"];

    /// <summary>Returns the format that a name speaks of; null for that of no table and no lines.</summary>
    public static CorpusFormat? FormatOf(string name) =>
        Has(name, JsonLines) ? CorpusFormat.JsonLines
        : Has(name, Parquet) ? CorpusFormat.Parquet
        : Has(name, Csv) ? CorpusFormat.Csv
        : null;

    /// <summary>Returns how the objects of a format are named, for a person.</summary>
    public static string Describe(CorpusFormat format) =>
        format switch
        {
            CorpusFormat.Parquet => "Parquet (.parquet)",
            CorpusFormat.Csv => "CSV (.csv, with .gz or .zst)",
            _ => "JSON lines (.jsonl, .json, with .gz or .zst)",
        };

    public static bool IsGzip(string name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    public static bool IsZstandard(string name) => name.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);

    private static bool Has(string name, string[] suffixes) =>
        suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    private static string[] WithCompressions(params string[] suffixes) =>
        suffixes.SelectMany(suffix => Compressions.Select(compression => suffix + compression)).ToArray();
}
