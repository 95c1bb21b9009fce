namespace CodeParrot.Corpus.Readers;

/// <summary>What the objects of a source hold.</summary>
public enum CorpusFormat
{
    /// <summary>
    /// Told by names, for the source as a whole: a tree of files when one whose name is of no other format matches the
    /// include pattern; else Parquet when there is any, else JSON lines or CSV, whichever are more.
    /// </summary>
    Auto,

    /// <summary>One JSON object a line, with <c>content</c>; plain, .gz or .zst by name.</summary>
    JsonLines,

    /// <summary>A tree of files, those that match the include pattern.</summary>
    Files,

    /// <summary>One document a file, whatever its name.</summary>
    Text,

    /// <summary>
    /// JSON lines of ready-made ids, <c>{"ids": [...]}</c>: each line one sequence; plain, .gz or .zst.
    /// </summary>
    Tokens,

    /// <summary>
    /// Parquet files with the columns of BigQuery's dump: <c>content</c> and, where there, repo_name, path, copies,
    /// license.
    /// </summary>
    Parquet,

    /// <summary>
    /// Comma-separated values with the same columns, named in a header row, quoted as in RFC 4180; plain, .gz or .zst.
    /// </summary>
    Csv,
}
