using System.Text;
using System.Text.Unicode;
using CodeParrot.Corpus.Filters;
using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>Judges single documents: include pattern, licence, text and the filters. Safe for concurrent use.</summary>
internal sealed class DocumentInspector(
    FilterOptions filters,
    IReadOnlyList<string> licenses,
    IncludePattern include,
    ContentRules rules
)
{
    private readonly HashSet<string> _licenses = new(licenses, StringComparer.OrdinalIgnoreCase);
    private readonly DocumentFilter _filter = new(filters);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Returns why a document of this size is dropped without a look at it.</summary>
    public DropReason? JudgeSize(long sizeBytes) => _filter.JudgeSize(sizeBytes);

    /// <summary>Judges a file that the include pattern has chosen already.</summary>
    public void Inspect(string path, ReadOnlyMemory<byte> bytes, BatchResult result)
    {
        var text = bytes.Span.StartsWith(ByteOrderMark) ? bytes.Span[ByteOrderMark.Length..] : bytes.Span;
        if (_licenses.Count > 0)
            result.Drop(DropReason.License);
        else if (!Utf8.IsValid(text))
            result.Drop(DropReason.InvalidUtf8);
        else
            Judge(new RawDocument { Path = path }, Encoding.UTF8.GetString(text), text.Length, result);
    }

    /// <summary>Judges a document of a JSON line.</summary>
    public void Inspect(RawDocument raw, BatchResult result)
    {
        if (raw.Path.Length > 0 && !include.Matches(raw.Path))
            result.Drop(DropReason.NotIncluded);
        else if (_licenses.Count > 0 && !_licenses.Contains(raw.License))
            result.Drop(DropReason.License);
        else
            Judge(raw, raw.Content!, Encoding.UTF8.GetByteCount(raw.Content!), result);
    }

    private void Judge(RawDocument raw, string content, long contentBytes, BatchResult result)
    {
        var reason = content.Contains('\0', StringComparison.Ordinal)
            ? DropReason.NulBytes
            : _filter.Judge(content, contentBytes);
        if (reason is { } drop)
            result.Drop(drop);
        else
            rules.Apply(raw, content, contentBytes, result);
    }
}
