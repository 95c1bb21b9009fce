namespace CodeParrot.Contract.Spec;

/// <summary>What the objects of a corpus source hold.</summary>
public enum SourceFormat
{
    /// <summary>
    /// By name: .jsonl, .json, .jsonl.gz, .json.gz, .jsonl.zst are JSON lines, anything else is a tree of files.
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

    /// <summary>Parquet files; not supported by this version.</summary>
    Parquet,

    /// <summary>Comma-separated values; not supported by this version.</summary>
    Csv,
}
