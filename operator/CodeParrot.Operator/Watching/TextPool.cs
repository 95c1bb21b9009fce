using System.Text.Json;

namespace CodeParrot.Operator.Watching;

/// <summary>
/// Gives equal texts one string: most of what the caches keep are words that thousands of objects share. In a table of
/// fixed size a text displaces the one in its place, so that nothing is kept for good; threads may ask at once.
/// </summary>
internal sealed class TextPool
{
    private const int Places = 4096;

    // Longer texts are hardly ever said twice.
    private const int MaxChars = 128;

    private readonly string?[] _texts = new string?[Places];

    /// <summary>A string of this text.</summary>
    public string Of(ReadOnlySpan<char> text)
    {
        if (text.Length == 0)
        {
            return "";
        }

        if (text.Length > MaxChars)
        {
            return new string(text);
        }

        ref var place = ref _texts[(uint)string.GetHashCode(text, StringComparison.Ordinal) % Places];
        var known = place;
        return known is not null && text.SequenceEqual(known) ? known : place = new string(text);
    }

    /// <summary>The text that a reader stands at: a value, or the name of a property.</summary>
    public string Of(ref Utf8JsonReader reader)
    {
        var bytes = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (bytes > MaxChars)
        {
            return reader.GetString() ?? "";
        }

        Span<char> text = stackalloc char[MaxChars];
        return Of(text[..reader.CopyString(text)]);
    }
}
