using System.Buffers;

namespace CodeParrot.Corpus.Secrets;

/// <summary>Finds keys and tokens of known services by their prefix, their characters and their length.</summary>
internal sealed class KeyDetector : ISecretDetector
{
    private static readonly SearchValues<string> Prefixes = SearchValues.Create(
        [.. KeyFormat.All.Select(format => format.Prefix)],
        StringComparison.Ordinal
    );

    // Of prefixes that begin alike the longest is tried first.
    private static readonly KeyFormat[] Formats = [.. KeyFormat.All.OrderByDescending(format => format.Prefix.Length)];

    public void Find(ReadOnlySpan<char> text, List<Secret> found)
    {
        for (var at = 0; at < text.Length; )
        {
            var step = text[at..].IndexOfAny(Prefixes);
            if (step < 0)
                return;
            at += step;
            var length = LengthAt(text, at, out var kept);
            if (length > 0)
                found.Add(new Secret(at + kept, length - kept, SecretKind.Key));
            at += Math.Max(1, length);
        }
    }

    // The characters of a key that begins here, the prefix included; 0 when none does.
    private static int LengthAt(ReadOnlySpan<char> text, int start, out int kept)
    {
        kept = 0;
        // After a backslash a letter is half of an escape, and the key begins behind it.
        var isApart =
            !TextContext.IsWord(TextContext.Before(text, start)) || TextContext.EscapeLength(text, start - 1) == 1;
        foreach (var format in Formats)
        {
            if (!text[start..].StartsWith(format.Prefix, StringComparison.Ordinal))
                continue;
            if (!isApart && !format.KeepsPrefix)
                continue;
            var body = BodyAt(text[(start + format.Prefix.Length)..], format);
            if (body.IsEmpty || RandomText.IsPlaceholder(body))
                continue;
            kept = format.KeepsPrefix ? format.Prefix.Length : 0;
            return format.Prefix.Length + body.Length;
        }
        return 0;
    }

    private static ReadOnlySpan<char> BodyAt(ReadOnlySpan<char> rest, KeyFormat format)
    {
        var (length, parts) = (0, 1);
        while (length < rest.Length && length <= format.Most)
        {
            var c = rest[length];
            var isPart = format.Parts > 1 && c == '.' && parts < format.Parts && length > 0 && rest[length - 1] != '.';
            if (isPart)
                parts++;
            else if (!(format.IsHex ? char.IsAsciiHexDigit(c) : IsIn(c, format.Signs)))
                break;
            length++;
        }
        return
            length >= format.Least
            && length <= format.Most
            && parts == format.Parts
            && !TextContext.IsWord(TextContext.At(rest, length))
            ? rest[..length]
            : [];
    }

    private static bool IsIn(char c, string signs) =>
        char.IsAsciiLetterOrDigit(c) || signs.Contains(c, StringComparison.Ordinal);
}
