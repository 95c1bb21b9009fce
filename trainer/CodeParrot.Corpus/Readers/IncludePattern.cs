using System.Text;
using System.Text.RegularExpressions;

namespace CodeParrot.Corpus.Readers;

/// <summary>
/// A pattern on names (<c>*.py</c>) or, when it has a slash, on whole paths (<c>lib/**/*.py</c>): <c>*</c> and
/// <c>?</c> stand for anything but a slash, <c>**</c> for any number of folders. The empty pattern matches
/// everything.
/// </summary>
public sealed class IncludePattern
{
    private readonly Regex? _regex;
    private readonly bool _isOnPaths;

    /// <summary>Reads a pattern.</summary>
    public IncludePattern(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Pattern = pattern;
        _isOnPaths = pattern.Contains('/', StringComparison.Ordinal);
        if (pattern.Length > 0)
            _regex = new Regex(Translate(pattern.TrimStart('/')), RegexOptions.NonBacktracking);
    }

    /// <summary>Gets the pattern as it was given.</summary>
    public string Pattern { get; }

    /// <summary>Returns whether a path, with slashes between its folders, matches.</summary>
    public bool Matches(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _regex is null || _regex.IsMatch(_isOnPaths ? path : path[(path.LastIndexOf('/') + 1)..]);
    }

    private static string Translate(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern.AsSpan(i).StartsWith("**/"))
            {
                regex.Append("(?:[^/]+/)*");
                i += 2;
            }
            else if (pattern.AsSpan(i).StartsWith("**"))
            {
                regex.Append(".*");
                i++;
            }
            else
            {
                regex.Append(
                    pattern[i] switch
                    {
                        '*' => "[^/]*",
                        '?' => "[^/]",
                        var other => Regex.Escape(other.ToString()),
                    }
                );
            }
        }
        return regex.Append(@"\z").ToString();
    }
}
