using System.Text.RegularExpressions;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Readme;

/// <summary>
/// Fenced blocks of the documents. What a test types is marked <c>sh</c>; <c>bash</c> is for what it cannot type, or
/// types with values of its own.
/// </summary>
internal static partial class DocumentBlocks
{
    /// <summary>Text of a document.</summary>
    /// <param name="path">Its path from the repository's root.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Programs.Root, path));

    /// <summary>Blocks of a language, in their order.</summary>
    public static IReadOnlyList<string> Of(string document, string language) =>
        [.. Fence().Matches(document).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value)];

    /// <summary>A document's part below a heading, down to the next one of its level.</summary>
    public static string Section(string document, string heading)
    {
        var start = document.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"no heading {heading}");
        var end = document.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? document[start..] : document[start..end];
    }

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
