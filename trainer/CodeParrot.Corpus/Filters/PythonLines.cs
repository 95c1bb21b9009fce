using System.Buffers;

namespace CodeParrot.Corpus.Filters;

/// <summary>
/// Cuts text into lines as Python's <c>str.splitlines()</c> does: also at vertical tab, form feed, the separators 1C
/// to 1E, next line (85) and the line and paragraph separators; a line end at the end of the text begins no further
/// line.
/// </summary>
internal ref struct PythonLines(ReadOnlySpan<char> text)
{
    private static readonly SearchValues<char> Ends = SearchValues.Create(
        "\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029"
    );

    private ReadOnlySpan<char> _rest = text;

    /// <summary>Takes the next line, without its end.</summary>
    public bool TryNext(out ReadOnlySpan<char> line)
    {
        line = _rest;
        if (_rest.Length == 0)
            return false;
        var end = _rest.IndexOfAny(Ends);
        if (end < 0)
        {
            _rest = [];
            return true;
        }
        line = _rest[..end];
        var isPair = _rest[end] == '\r' && end + 1 < _rest.Length && _rest[end + 1] == '\n';
        _rest = _rest[(end + (isPair ? 2 : 1))..];
        return true;
    }
}
