namespace CodeParrot.Corpus.Documents;

/// <summary>One document of a corpus.</summary>
public sealed record Document
{
    /// <summary>The repository it is from; empty when unknown.</summary>
    public string RepoName { get; init; } = "";

    /// <summary>Its path in the repository or the source tree; for ready-made ids, the file they are from.</summary>
    public string Path { get; init; } = "";

    /// <summary>Its licence; empty when unknown.</summary>
    public string License { get; init; } = "";

    /// <summary>How often the dump says it was found; 0 when unknown.</summary>
    public long Copies { get; init; }

    /// <summary>Its text; empty for ready-made ids.</summary>
    public string Content { get; init; } = "";

    /// <summary>Ready-made ids; empty for text.</summary>
    public IReadOnlyList<int> Ids { get; init; } = [];

    /// <summary>For ready-made ids, their line in the file, from 1.</summary>
    public long Line { get; init; }
}
