namespace CodeParrot.Corpus.Secrets;

/// <summary>
/// Finds the bodies of PEM blocks with private keys, line by line: quotes and escapes around the lines of a block in
/// source code stay.
/// </summary>
internal sealed class PrivateKeyDetector : ISecretDetector
{
    private const string Head = "PRIVATE KEY-----";
    private const string Tail = "-----END ";
    private const int MostCharacters = 16 * 1024;
    private const int LeastPiece = 16;
    private const int LeastBody = 64;

    public void Find(ReadOnlySpan<char> text, List<Secret> found)
    {
        for (var at = 0; at < text.Length; )
        {
            var step = text[at..].IndexOf(Head, StringComparison.Ordinal);
            if (step < 0)
                return;
            at += step + Head.Length;
            var rest = text[at..Math.Min(text.Length, at + MostCharacters)];
            var end = rest.IndexOf(Tail, StringComparison.Ordinal);
            if (end < 0)
                continue;
            AddPieces(text, at, at + end, found);
            at += end + Tail.Length + Head.Length;
        }
    }

    private static void AddPieces(ReadOnlySpan<char> text, int start, int end, List<Secret> found)
    {
        var (first, body) = (found.Count, 0);
        for (var at = start; at < end; )
        {
            at += TextContext.EscapeLength(text, at);
            var length = 0;
            while (at + length < end && IsBase64(text[at + length]))
                length++;
            // The last line of a body may be short, and says as much of the key as any.
            if (length >= LeastPiece || (length > 0 && body >= LeastBody && text[at + length - 1] == '='))
            {
                found.Add(new Secret(at, length, SecretKind.PrivateKey, IsRest: found.Count > first));
                body += length;
            }
            at += Math.Max(1, length);
        }
        if (body < LeastBody)
            found.RemoveRange(first, found.Count - first);
    }

    private static bool IsBase64(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=';
}
