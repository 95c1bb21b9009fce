namespace CodeParrot.Contract.Manifest;

/// <summary>Kubernetes' rules for names. A pod with a bad one is refused when it is made, which is too late.</summary>
internal static class KubernetesNames
{
    private const int LabelLength = 63;
    private const int SubdomainLength = 253;

    /// <summary>A DNS label, the name of a volume or a queue.</summary>
    public static bool IsLabel(string name) =>
        name.Length is > 0 and <= LabelLength && Holds(name, c => IsLowerOrDigit(c) || c == '-', IsLowerOrDigit);

    /// <summary>The value of a label; it may be empty.</summary>
    public static bool IsLabelValue(string value) => value.Length == 0 || IsWord(value);

    /// <summary>The key of a label, an annotation or a resource: <c>name</c> or <c>example.com/name</c>.</summary>
    public static bool IsKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return IsWord(key[(slash + 1)..]) && (slash < 0 || IsSubdomain(key[..slash]));
    }

    private static bool IsWord(string text) =>
        text.Length is > 0 and <= LabelLength
        && Holds(text, c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.', char.IsAsciiLetterOrDigit);

    private static bool IsSubdomain(string text) =>
        text.Length is > 0 and <= SubdomainLength
        && Holds(text, c => IsLowerOrDigit(c) || c is '-' or '.', IsLowerOrDigit);

    private static bool Holds(string text, Func<char, bool> anywhere, Func<char, bool> atEnds) =>
        text.All(anywhere) && atEnds(text[0]) && atEnds(text[^1]);

    private static bool IsLowerOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
