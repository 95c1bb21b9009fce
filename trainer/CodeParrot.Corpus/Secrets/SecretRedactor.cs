using System.Text;

namespace CodeParrot.Corpus.Secrets;

/// <summary>
/// Replaces the secrets of one text: the same one by the same placeholder each time, numbered in the order in which
/// they come, so that nothing of a secret is in what takes its place. Placeholders are no secrets to
/// <see cref="SecretFinder"/>.
/// </summary>
internal sealed class SecretRedactor
{
    // RFC 5737: 192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 belong to nobody.
    private static readonly string[] ExampleNetworks = ["192.0.2.", "198.51.100.", "203.0.113."];
    private const int HostsInNetwork = 254;

    private readonly Dictionary<(SecretKind, string), string> _placeholders = [];
    private readonly int[] _counts = new int[Enum.GetValues<SecretKind>().Length];

    /// <summary>Returns the text with placeholders.</summary>
    public static string Redact(string text, List<Secret> secrets)
    {
        var redactor = new SecretRedactor();
        var redacted = new StringBuilder(text.Length);
        var end = 0;
        foreach (var secret in secrets)
        {
            redacted.Append(text, end, secret.Start - end);
            if (!secret.IsRest)
                redacted.Append(redactor.PlaceholderFor(secret.Kind, text.Substring(secret.Start, secret.Length)));
            end = secret.End;
        }
        return redacted.Append(text, end, text.Length - end).ToString();
    }

    private string PlaceholderFor(SecretKind kind, string secret)
    {
        if (!_placeholders.TryGetValue((kind, secret), out var placeholder))
        {
            var number = ++_counts[(int)kind];
            _placeholders[(kind, secret)] = placeholder = Name(kind, number, secret);
        }
        return placeholder;
    }

    private static string Name(SecretKind kind, int number, string secret) =>
        kind switch
        {
            SecretKind.PrivateKey => $"REDACTED_PRIVATE_KEY_{number}",
            SecretKind.Key => $"REDACTED_KEY_{number}",
            SecretKind.UrlPassword => $"REDACTED_PASSWORD_{number}",
            SecretKind.NamedSecret => $"REDACTED_SECRET_{number}",
            SecretKind.Email => $"user{number}@example.com",
            _ when secret.Contains(':', StringComparison.Ordinal) => $"2001:db8::{number:x}",
            _ => ExampleNetworks[(number - 1) / HostsInNetwork % ExampleNetworks.Length]
                + $"{((number - 1) % HostsInNetwork) + 1}",
        };
}
