using System.Text;
using System.Text.Unicode;

namespace CodeParrot.Corpus.Readers;

/// <summary>
/// Tells text from bytes that are no UTF-8, as the other formats do, instead of putting U+FFFD there.
/// </summary>
internal static class Utf8Text
{
    // Three noncharacters of Unicode in a row, which no text has.
    private const string NoText = "\uFFFE\uFDD0\uFFFF";

    /// <summary>Gets UTF-8 that leaves a mark, for <see cref="Unmarked"/>, where bytes are none.</summary>
    public static Encoding Marking { get; } =
        Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback(NoText));

    /// <summary>Returns decoded text, or null where it has the mark of bytes that are no UTF-8.</summary>
    public static string? Unmarked(string text) => text.Contains(NoText, StringComparison.Ordinal) ? null : text;

    /// <summary>Returns bytes as text, or null where they are no UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
