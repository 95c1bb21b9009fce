using System.Buffers;

namespace CodeParrot.Corpus.Secrets;

/// <summary>
/// Finds passwords in URLs (<c>scheme://user:password@host</c>), but for templates, and for those that everybody knows:
/// the user's name, <c>password</c>, or any at this machine or an example host.
/// </summary>
internal sealed class UrlPasswordDetector : ISecretDetector
{
    private const int MostCharacters = 128;
    private const string Separator = "://";

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"'/<>`");
    private static readonly SearchValues<char> Templates = SearchValues.Create("{}$%()[]*,\\");

    private static readonly string[] KnownPasswords =
    [
        "pass",
        "passwd",
        "password",
        "pw",
        "pwd",
        "secret",
        "user",
        "test",
        "token",
        "key",
        "foo",
        "bar",
        "baz",
        "admin",
        "root",
        "guest",
        "1234",
        "12345",
        "123456",
    ];

    private static readonly string[] KnownHosts = ["localhost", "127.0.0.1", "[::1]", "example", "host", "0.0.0.0"];

    public void Find(ReadOnlySpan<char> text, List<Secret> found)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var step = text[at..].IndexOf(Separator, StringComparison.Ordinal);
            if (step < 0)
                return;
            at += step + Separator.Length;
            var rest = text[at..Math.Min(text.Length, at + MostCharacters)];
            var end = rest.IndexOfAny(Ends);
            rest = end < 0 ? rest : rest[..end];
            var sign = rest.LastIndexOf('@');
            var colon = rest[..Math.Max(0, sign)].IndexOf(':');
            if (colon < 0)
                continue;
            var password = rest[(colon + 1)..sign];
            if (IsSecret(rest[..colon], password, rest[(sign + 1)..]))
                found.Add(new Secret(at + colon + 1, password.Length, SecretKind.UrlPassword));
        }
    }

    private static bool IsSecret(ReadOnlySpan<char> user, ReadOnlySpan<char> password, ReadOnlySpan<char> host)
    {
        if (password.Length < 4 || host.IsEmpty || !char.IsAsciiLetterOrDigit(host[0]))
            return false;
        if (password.ContainsAny(Templates) || user.ContainsAny(Templates))
            return false;
        foreach (var known in KnownPasswords)
        {
            if (password.Equals(known, StringComparison.OrdinalIgnoreCase))
                return false;
        }
        foreach (var known in KnownHosts)
        {
            if (host.StartsWith(known, StringComparison.OrdinalIgnoreCase))
                return false;
        }
        return !password.Equals(user, StringComparison.OrdinalIgnoreCase)
            && !TextContext.HasAny(password, ["redacted", "example", "xxx", "password", "your"]);
    }
}
