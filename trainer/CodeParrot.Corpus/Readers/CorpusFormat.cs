namespace CodeParrot.Corpus.Readers;

/// <summary>What the objects of a source hold.</summary>
public enum CorpusFormat
{
    /// <summary>
    /// Told by names, for the source as a whole: a tree of files when one that is not JSON matches the include
    /// pattern, else JSON lines when there are objects named so, else a tree of files.
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
}
