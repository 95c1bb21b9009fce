using System.Text;

namespace CodeParrot.Evaluation.Reports;

/// <summary>Any text, safe inside HTML that is well-formed XML as well.</summary>
internal static class HtmlText
{
    /// <summary>
    /// Escapes what has a meaning in markup, and shows what may not stand in it at all: control characters by their
    /// pictures (U+2400 on), the rest by U+FFFD. Models write such bytes.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\n' or '\t' => escaped.Append((char)rune.Value),
                < 0x20 => escaped.Append((char)(0x2400 + rune.Value)),
                0x7f => escaped.Append('\u2421'),
                // C1 controls, the bidirectional overrides that reorder what follows, and non-characters.
                (>= 0x80 and < 0xa0) or (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069) => escaped.Append(
                    '\ufffd'
                ),
                _ when (rune.Value & 0xfffe) == 0xfffe => escaped.Append('\ufffd'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }
}
