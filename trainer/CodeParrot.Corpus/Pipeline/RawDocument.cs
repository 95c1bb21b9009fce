using System.Runtime.InteropServices;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>A document as the source has it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RawDocument()
{
    public string RepoName { get; init; } = "";

    public string Path { get; init; } = "";

    public string License { get; init; } = "";

    public long Copies { get; init; }

    public string? Content { get; init; }
}
