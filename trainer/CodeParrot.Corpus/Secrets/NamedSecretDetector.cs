namespace CodeParrot.Corpus.Secrets;

/// <summary>
/// Finds random texts in quotes that are given to a name which says that they are secret (<c>api_key = "…"</c>,
/// <c>"client_secret": "…"</c>). Hashes, identifiers (UUIDs), templates and words are not random, or not secret.
/// </summary>
internal sealed class NamedSecretDetector : ISecretDetector
{
    private const int Least = 16;
    private const int Most = 256;
    private const int MostNameCharacters = 64;

    private static readonly string[] SecretNames =
    [
        "secret",
        "token",
        "passw",
        "passphrase",
        "pwd",
        "credential",
        "apikey",
        "api_key",
        "api-key",
        "accesskey",
        "access_key",
        "authkey",
        "auth_key",
        "private_key",
        "privatekey",
        "encryption_key",
        "signing_key",
        "consumer_key",
        "account_key",
        "license_key",
    ];

    private static readonly string[] OpenNames =
    [
        "hash",
        "digest",
        "sha1",
        "sha2",
        "sha5",
        "md5",
        "checksum",
        "fingerprint",
        "public",
        "vector",
        "etag",
        "page_token",
        "pagetoken",
        "expected",
        "client_id",
        "clientid",
    ];

    public void Find(ReadOnlySpan<char> text, List<Secret> found)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var step = text[at..].IndexOfAny('"', '\'');
            if (step < 0)
                return;
            at += step;
            var length = ValueLength(text[(at + 1)..]);
            if (length is < Least or > Most || TextContext.At(text, at + 1 + length) != text[at])
                continue;
            var value = text.Slice(at + 1, length);
            if (RandomText.IsRandom(value) && !IsUuid(value) && HasSecretName(text, at))
            {
                found.Add(new Secret(at + 1, length, SecretKind.NamedSecret));
                at += length + 1;
            }
        }
    }

    private static int ValueLength(ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length <= Most && length < rest.Length && IsInValue(rest[length]))
            length++;
        return length;
    }

    private static bool IsInValue(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=' or '_' or '-' or '.';

    private static bool IsUuid(ReadOnlySpan<char> value) => Guid.TryParseExact(value, "D", out _);

    // The name before = or :, on the same line, with or without quotes and brackets around it.
    private static bool HasSecretName(ReadOnlySpan<char> text, int quote)
    {
        var line = TextContext.LineAround(text, quote);
        if (TextContext.HasAny(line, OpenNames))
            return false;
        var before = text[Math.Max(0, quote - MostNameCharacters)..quote];
        before = before[(before.LastIndexOf('\n') + 1)..].TrimEnd("bBrRuU").TrimEnd(" \t(");
        if (before.IsEmpty || before[^1] is not ('=' or ':' or ','))
            return false;
        before = before[..^1].TrimEnd(" \t'\"])=:!");
        var start = before.Length;
        while (start > 0 && (TextContext.IsWord(before[start - 1]) || before[start - 1] == '-'))
            start--;
        return TextContext.HasAny(before[start..], SecretNames);
    }
}
