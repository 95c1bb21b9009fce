namespace CodeParrot.Contract.Spec;

/// <summary>What the objects of a corpus source hold.</summary>
public enum SourceFormat
{
    /// <summary>
    /// By name: .parquet, .jsonl or .json, and .csv are tables and lines (the last three also .gz or .zst), anything
    /// else is a tree of files.
    /// </summary>
    Auto,

    /// <summary>
    /// One JSON object a line with <c>content</c> and, where there, repo_name, path, copies, size, license; plain,
    /// .gz or .zst.
    /// </summary>
    JsonLines,

    /// <summary>A tree of source files.</summary>
    Files,

    /// <summary>One document a file, whatever its name.</summary>
    Text,

    /// <summary>JSON lines of ready-made token ids, <c>{"ids": [...]}</c>: each line one training sequence.</summary>
    Tokens,

    /// <summary>Parquet files with the columns that JSON lines have as fields.</summary>
    Parquet,

    /// <summary>Comma-separated values with a header row and the same columns; plain, .gz or .zst.</summary>
    Csv,
}
